"""Rules of the plots of the third part, continued: the way home, wishes, treasure, days out."""

from __future__ import annotations

RULES = """
WayGo:
- {when}, {h} went [for a walk|to visit {his} {family}|to pick {berries}|to {playact}] {wh.at}.
- {when}, {h} ran after {np_creature1}. {H} ran and ran[|, over the {naturething} and past the
  {building}].
- {k} had said: "Do not go far." But there was {np_any_see}, and then {np_any_see}, and {h} went
  on and on.
berries:
- [berries|flowers|{many}|mushrooms|nuts]
np_any_see:
- {np_creature1}
- a {np_adj} {naturething}
WayLost:
- When {he} looked around, {he} did not know where {he} was. All the {tree.s} looked the same.
- It got dark. Where was the way home? {h} looked left and right. <h|I am lost!>
- Fog came up. {H} could not see {his} own {bodypart_feet}. {H} was lost.
bodypart_feet:
- [feet|hand|shoes|paws|nose]
WayTry:
- {H} called, but nobody [came|heard {him}|answered]. Only a {wildanimal} {animalact.d}.
- {H} went [this way and that way|left|up a hill|along a {road}], but it only led to {np_any_see}.
- {H} climbed a {tree} to see. There were {number} {naturething.s}, and behind them more
  {naturething.s}.
- {H} sat down and thought. <h|[The sun is there|The wind comes from there], so home must be
  [there|that way].> It was not.
WayMeet:
- Then {he} met {o}. <o|Why are you crying?> <h|I want to go home, but I do not know the way.>
- <o|Who is there? [You look lost|Do not be afraid]!> It was {o}. {h} told {o.him} [everything|
  {his} story].
- A light came [closer|through the {tree.s}]. It was {o} with a {light}. <h|[Please help me|Help
  me, please]! I am lost!>
WayHelp:
- <o|I know the way. [Come with me|Follow me|Hold my hand]!> They {go.d} past {np_any_see} and
  over a {naturething}.
- <o|What do you see from your window?> <h|A {building} and a {color} {vehicle}.> <o|Then I know
  where you live!>
- {o} showed {him} how to find the way: by the {naturething.s}, the {star_} and the smell of
  {food}.
star_:
- [stars|moon|sun|wind|river|moss on the {tree.s}]
WayHome:
- There was the house! {k} ran out and hugged {him}. <k|Where have you been? I was so
  {bad_feeling}!>
- At home there was {food} for {h} and {o}. [{o} stayed for dinner.|They became friends.|Everyone
  was happy.]
- {k} thanked {o} and gave {o.him} {snack_or_food}. <k|Next time, tell me where you go, {h.v}.>
WishFind:
- {when}, {h} found a {thinglook} {thing} {pp_at}. It [was magic|could talk|began to {shine}]! "I
  can give you two wishes," it said.
- {when}, {h} helped an old {monster} [with a {container}|across the {road}|out of a
  {naturething}]. "I will give you two wishes," said the {monster_}.
- {when}, a star fell from the sky. {h} picked it up. It was [warm|cold|soft|singing]. "Make two
  wishes," it said.
monster_:
- [old one|strange one|little one]
WishSay:
- {h} {react_happy}. What did {he} want? A {toy}? {food}? A {petanimal}? {bignumber} {many}?
- <h|Can I wish for anything?> "Anything," it said. "But be careful what you wish for."
- <h|Let me think. I want ... no. Or maybe ... no.> It is hard to wish[| when you can have it
  all].
WishOne:
- <h|I wish that [everything was made of {food}|it was {dayname} every day|I was as big as a
  {building}|I could fly]!> {noisework}! It came true.
- <h|I want {bignumber} {many}!> {noisework}! There were {many} on the {furniture}, {many} in the
  bed, {many} everywhere.
- <h|I wish I had [all the toys|all the {foodthing.s}|the {size.t} {building}] in the world!>
  {noisework}! And so it was.
WishTwo:
- At first it was {so_very}fun. {H} {playact.d} and {playact.d} and ate {food} all day.
- <h|This is [great|wonderful|the best day ever]!> {H} did not see how {bad_feeling} {f} looked.
- Everyone came to look. {h} was {so_very}proud.
WishBad:
- But soon it was too much. {H} could not [sleep|sit down|find {his} bed|play with {f}]. It was
  not fun any more.
- But {f} could not [get in|come near|play with {him}]. And {k} [was sad|could not find {him}|had
  to work all day].
- But by {weekday}, {he} was {bad_feeling}. {H} missed [{his} old {own}|{his} little house|{f}|
  plain bread|a normal {weekday}].
WishBack:
- {H} had one wish left. <h|I wish that everything was [as before|like it was].> {noisework}!
- <h|I do not want it any more. I want [my friends|things the way they were|only one {toy}].> And
  it was so.
MapFind:
- {when}, {h} found an old [map|piece of paper|letter] {hiding.at}. There was a red X on it. <h|A
  treasure!>
- {k} gave {h} a {keepsake}. In it was a map[| of {the_place}| drawn in {color} ink].
- {when}, a bottle came [down the river|out of the sea|with the rain]. In the bottle was a map[|
  with a red X].
MapStart:
- <h|We need a {tool}, a {tool} and {snack_or_food}.> They packed it all in a {container} and
  {go.d} off.
- The map said: "Start at the {building}. Go {bignumber} steps to the {naturething}."
- <f|Is it real?> <h|[Let us find out|I think so|There is only one way to know]!> 
MapStep:
- They {go.d} {pp_move_they}, past {np_any_see} and over {number} {naturething.s}. "Turn left at
  the {tree}," the map said.
- Then they came to a {naturething}. How could they get across? {f} found a {tool}, and {h}
  {buildverb.d} a bridge[| of {material}].
- There was a riddle: "{riddle}" <h|[Easy|I know it]! It is [a|the] {anything}!>
- A {size} {wildanimal} stood in the way. <h|[Please|Excuse me], may we pass?> They gave it
  {food}, and it {animalact.d} away.
- They [got lost|were tired|fell into the {stuff}], but they did not give up. <f|[One more step|
  Come on], {h.v}!>
riddle:
- [What has {number} {pawpart.s} and cannot {playact}?|What is {color} and {animalact.z} at
  night?]
- [What goes up but never comes down?|I am {size} when I am young and {size} when I am old. What
  am I?]
- [The more you take, the more you leave. What is it?|What has a {bodypart} but no {bodypart}?]
MapDig:
- There was the X! They dug and dug. {noisework}! The {tool} hit something [hard|made of {solid}].
- <h|Here it is!> They pulled a {look_thing} {container} out of the {stuff}.
- Under the {naturething} was a hole, and in the hole was a {hy_adverb} {container}.
MapOpen:
- They opened it {manner.ly}. It was full of {many}, {many} and a {look_thing} {keepsake}!
- In it there was no gold. There was a letter: "{wisdom}" and [under it |]{number}
  {foodthing_dry}.
- Inside was the {toy} that {k} had lost as a child, and a {look_thing} {keepsake}.
foodthing_dry:
- [cookies|nuts|candies|lollipops|chocolate coins|biscuits|raisins]
MapShare:
- They gave half of it to {k} and [kept the rest|shared the rest]. {k} [was so surprised|could not
  believe it|laughed].
- <f|What shall we do with it?> <h|We can share it with everyone {place.at}!> And they did.
- They made a new map, put {np_thing_f} in the {container} and hid it for someone else to find.
DayPlan:
- {when}, {k} said, "Today we go {wh.to}!" {h} was {so_very}[happy|excited|glad].
- It was {weekday}, and there was no [school|work|rain]. {h} and {k} wanted to go {wh.to}.
- <k|Do you want to see the {event} {wh.at}?> <h|Yes, yes, yes!>
DayGo:
- They went by {vehicle}. It was {a_hy_ride}. {h} looked out of the window and counted {number}
  {many}.
- They packed {food}, {foodthing.s} and a {cloth} and {go.d} off.
- <h|Are we there yet?> <k|Not yet.> <h|Are we there now?> <k|[Almost|Soon], {dear}.>
a_hy_ride:
- [a long ride|a {hy_digit_time} ride|a {hy_time} trip|not far|a bumpy ride]
DaySee:
- {H} saw {np_creature}, {np_creature} and {np_any}. The {wildanimal.s} were {so_very}{adjq}.
- A {job} showed them how to {skill}. {h} tried it, and it [worked|was {adjq}|made everyone
  laugh].
- {h} went on the {ride_}[| {number} times]. It went {noisework}, up and down[|, and {k} turned
  green].
- There was a {job} who could {playact} with {number} {many} on a [stick|rope|ball|plate|pole|
  chair]. Everyone clapped.
- {h} got a {color} balloon, {taste} {food} and a {toy}.
- <h|Can I feed the {wildanimal.s}?> <k|Yes, but [not too much|be careful|only {food}].> The
  {wildanimal.s} {animalact.d}.
ride_:
- [merry-go-round|see-saw|big wheel|{size} slide|little train|roller-coaster|swing|little boat]
DayTrouble:
- Then {h} let go of {k}'s hand. There were so many people. Where was {k}?
- But then it {weather_verb}. They got {so_very}wet[|, and so did the {food}].
- Then the {toy} of {h} [fell into the water|flew away|was gone|got stuck in a {tree}].
- A {wildanimal} took {his} {foodthing} and ran. <h|Hey! That is mine!>
DaySolve:
- A {person} {job} [helped {him}|saw it and came with a {tool}]. Soon it was all right again. <h|
  Thank you!>
- {h} did not cry. {H} [stood still and waited|asked a {job}|called out loud], and soon {k} was
  there. <k|There you are!>
- <k|[Never mind|It is okay|Do not be sad]. We can [share mine|laugh about it|get a new one].> And
  they did.
DayHome:
- In the evening they went home. {h} was tired and happy. <h|That was the best day ever!>
- On the way home, {h} fell asleep [in the {vehicle}|with {his} {own} in {his} arms] and dreamed
  of {wildanimal.s}.
GreedSee:
- {when}, {h} saw a {size} {container} of {snack1.s} [on the {furniture}|{place.at}]. They smelled
  {so_very}good.
- {k} had made {bignumber} {snack1.s} for the {contest1}. <k|You may have [one|two], {h.v}. The
  rest is for later.>
- There was a {tree} full of {snack1.s} {place.at}. [Everyone could take one.|{h} looked up at
  them.]
GreedEat:
- {H} ate one. It was {so_very}{taste}. Then {he} ate another one. And another one.
- "One more will not hurt," {h} thought. {H} took one, then two, then three.
- {H} put {number} in {his} mouth and {number} in {his} {cloth}.
GreedWarn:
- <f|Stop, {h.v}! [That is too much|Leave some for us|You will be sick].> But {h} did not listen.
- {f} came by. <f|Can I have one?> <h|No! They are all mine!> {f} went away, {so_very}sad.
- A little {wildanimal} looked up at {him} with hungry eyes. But {h} [turned away|gave it
  nothing].
GreedMore:
- {H} ate and ate until the {container} was empty. {bignumber} {snack1.s}! {His} tummy was as
  round as a ball.
- Soon there was only one left. {H} ate that one too.
- {H} wanted to carry them all home. But {his} {container} was so heavy that [it broke|{he} fell
  over|{he} could not walk].
GreedSick:
- Then {his} tummy began to hurt. <h|Ow, ow, ow!> {H} lay down {pp_at} and could not get up.
- {H} felt hot and cold, and everything went round and round. <h|I do not feel so good.>
- {h} was so full that {he} got stuck in the {stuckplace}. <h|Help! I cannot get out!>
GreedCare:
- {k} made {him} {drink} and put {him} to bed. <k|[What did we learn|Was it worth it], {dear}?>
  <h|No more {snack1.s}. Not today.>
- {f} came and [sat next to {him}|held {his} hand|pulled {him} out]. <h|I am sorry. Next time I
  will share.>
- The next day, {h} [made|brought] {bignumber} new {snack1.s} and gave them [all away|to {f} and
  the others].
SickIll:
- {when}, {h} woke up and did not feel well. {His} {bodypart} hurt, and {he} was hot.
- {h} had {color} spots on {his} face, {number} on {his} {bodypart} and {number} on {his}
  {bodypart}.
- {h} fell off the {toy_ride} and hurt {his} {bodypart}. It was [red and blue|big and round]. <h|
  [Ow|Ouch]!>
toy_ride:
- [swing|bike|slide|{vehicle}|wall|chair|sled|scooter|pony]
SickDoctor:
- {k} put a hand on {his} head. <k|You are [hot|ill]. We must go to Dr.~{surname1}.> <h|No! I do
  not want to!>
- <k|Let me see. Oh dear. Dr.~{surname1} will know what to do.> 
SickAfraid:
- Dr.~{surname1} had a {color} {cloth}, a {size} {container} and cold hands. {h} held {his} {own}
  tight.
- {h} was afraid. What was in the {size} bag? A {tool}? A needle?
SickHelp:
- "Open your mouth and say ah," said the doctor. "Now [breathe in|count to {number}|look at the
  {wildanimal}]. All done!" <h|That was all?>
- The doctor looked at {his} {bodypart}, {his} {bodypart} and {his} tongue. "You need [rest|sleep|
  {drink}|medicine] and {number} good jokes."
- The doctor gave {him} medicine. It tasted like {stuff}, but {h} took it[| for {k}| in one gulp].
SickBetter:
- {h} had to stay in bed for {number} days. {f} brought {snack_or_food}, {many} and {quality}
  stories.
- {h} slept and slept. When {he} woke up, it did not hurt any more. <h|I am well again!>
- Soon {h} could {playact} again. {H} drew a picture for the doctor: a {wildanimal} with a {color}
  {cloth}.
"""

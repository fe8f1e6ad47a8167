"""Plots, third part: gifts, newcomers, seeds, noises, lies, the way home, wishes, treasure, days out."""

from __future__ import annotations

PLOTS = """
gift: Open PlainH?60 Doing?25 PlainH?30 / GiftNews GiftIdea / PlainH?60 Doing?25 PlainH?30 GiftNo
  GiftNo?40 Bad?50 / MeetFriend?30 GiftAdvice GiftMake / GiftGive GiftJoy Moral?70 Both?40 End?80
newcomer: Open PlainH?60 Doing?25 PlainH?30 / NewCome NewLook NewAlone / Think?30 NewAsk NewTalk /
  NewPlay Together NewPlay?40 / Good Moral Both?40 End?80
seed: Open Scene?30 / SeedFind Family?30 / SeedPlant SeedWait Bad?40 / SeedAdvice SeedCare /
  SeedGrow Good SeedShare Moral Both?40 End?80
noise: Open Family?30 / NoiseNight NoiseHear NoiseGuess / NoiseGo?70 Bad?30 NoiseCall / NoiseLook
  NoiseFound / NoiseLaugh Good?50 Moral?60 Both?40 End?80
lie: Open Own?20 PlainH?60 Doing?25 PlainH?30 / LieDid LieAsk LieTell / LieGrow LieGuilt /
  Greet?30 LieTruth LieForgive / Good?40 Moral Both?40 End?80
way: Open PlainH?60 Doing?25 PlainH?30 / WayGo Detour?40 WayLost Bad / WayTry WayTry?50 WayMeet /
  WayHelp Good WayHome Moral?70 Both?40 End?80
wish: Open PlainH?60 Doing?25 PlainH?30 / WishFind WishSay / WishOne WishTwo / WishBad Bad?60
  Think?30 / WishBack Good Moral Both?40 End?80
treasure: Open Habit?20 / MapFind MeetFriend?70 MapStart / MapStep MapStep Both Together?25
  Both?30 MapStep?40 / MapDig MapOpen Good / MapShare Moral?60 Both?40 End?80
day: Open PlainH?60 Doing?25 PlainH?30 / DayPlan Family?40 / DayGo DaySee DaySee Both Together?25
  Both?30 / DayTrouble DaySolve / PlainH?60 Doing?25 PlainH?30 Good DayHome Both?40 End?80
greedy: Open PlainH?60 Doing?25 PlainH?30 / GreedSee GreedEat / GreedWarn GreedMore / GreedSick
  Bad?40 Greet?40 / GreedCare Moral Both?40 End?80
sick: Open PlainH?60 Doing?25 PlainH?30 / SickIll SickDoctor / SickAfraid SickHelp / MeetFriend?30
  SickBetter Good Moral?50 Both?40 End?80
"""

RULES = """
GiftNews:
- It was [almost |]the birthday of {k}. {h} wanted to give {k.him} [something {adjq}|a present|a {look_thing} {thing}].
- {k} had been {so_very}[kind|good|nice] to {him}. {h} wanted to [say thank you|make {k.him} happy].
- {dayname} was coming. [Everyone had a present.|{h} had nothing for {k} yet.|What could {h} give {k}?]
- {k} was sad[| because the {petanimal} was gone| because it was so {weather}]. {h} wanted to make {k.him} happy again.
GiftIdea:
- <h|What does {k.v} like? {k.v} likes {many} and {food}.> {H} thought about it [all day|in bed|for a long time].
- {H} looked at {his} money. {H} had {number} {coins}. That was not [enough|much|a lot].
- {H} had an idea. <h|I will [buy|find|make] a {thinglook} {thing}!>
- {H} wanted it to be a surprise, so {he} did not tell anyone[| but the {petanimal}].
GiftNo:
- {H} went to the {building}. A {thing} cost {bignumber} {coins}. <h|Oh. I only have {number}.>
- {H} [saw|found] {np_thing} {place.at}, but {k} had one[| at home] already.
- {H} tried to make {np_thing}, but it [fell apart|was ugly|looked like a {anything}|broke].
- {H} asked {his} {family}. {H} asked a {job}. Nobody [knew what to do|had time|could help].
GiftAdvice:
- <f|The best gift is one that you make[| yourself].> <h|[You are right|Yes|That is true]!>
- {H} remembered what {k} liked best: [a good story|{food}|a song|{color} {flower.s}|to laugh].
- <h|I do not need money. I have [two hands|paper and glue|time|{many}]!>
GiftMake:
- So {h} took paper, {stuff} and {many}, and {he} {buildverb.d} and {paint_} [all day|until dinner|in secret].
- {H} made a {thing} out of {solid} and painted it {color}. [It took a long time.|It was a bit crooked.]
- {H} drew a picture of {k} with a {size} smile, {number} {many} and a {wildanimal}.
- {H} picked {color} {flower.s} {place.at} and put them in a {look_thing} {container}.
paint_:
- [painted|drew|cut|glued|worked|sang|sewed|wrote]
GiftGive:
- Then the day came. <h|This is for you, {k.v}. I made it!> {K} opened it {manner.ly}.
- {h} hid it behind {his} back. <h|Close your eyes!> {K} closed {k.his} eyes[| and waited| and smiled].
- {k} came in. There it was, on the {furniture}, with a {color} ribbon. <k|Is this for me?> <h|Yes!>
GiftJoy:
- <k|It is [beautiful|the best gift ever|just what I wanted|so pretty]! Thank you, {dear}!>
- {k} [was so happy that {k.he} cried|hugged {him} for a long time|put it where everyone could see it].
- <k|You made this? For me? I will keep it for ever.>
NewCome:
- {when}, a new [family|neighbor] came to live {place.at}. [There was a child too|They had a child]: {o}.
- {when}, {h} saw {o}. {O} was new {place.at} and did not know anyone.
- There was a new face {wh.at}. It was {o}, who came from {townname}.
- {o} [had just moved in|was new in town|came from {inventedplace}]. {O} sat alone {pp_at}.
NewLook:
- {O} was different. {O} [wore {color} {pairs}|liked {stuff} on {food}|talked funny|had a {petanimal} on {o.his} arm].
- {O} looked sad and [shy|alone|tired]. {O} had only a {look_thing} {toy} to play with.
- The others [did not play with {o.him}|laughed at {o.his} {cloth}|ran away|looked at {o.him} and said nothing].
NewAlone:
- <o|I miss my [old house|friends|home|old school|{petanimal}].>
- {h} saw a tear on {o.his} face. [Nobody else saw it.|{H} felt sad too.|What could {h} do?]
- {o} [looked at the ground|sat under a {tree}|watched the others]. Nobody asked {o.him} to play.
NewAsk:
- {h} [went to|walked up to|sat down next to] {o}. <h|{Hello}! I am {h.v}. [Do you want to play|Can I sit here|What is your name]?>
- <h|Do you want to [play {game}|be my friend|see my {own}|come with us|share my {foodthing}]?> {o} [looked up|smiled a little|nodded].
- {h} gave {o} half of {his} {foodthing}. <h|Here. [You can have it|It is good|Try it].>
NewTalk:
- <o|I am {o.v}. [I do not know anyone here|I can {playact}, but I do not know your games|Thank you for asking].>
- <o|In my old town, we [played {game}|liked to {pastime}|had a {hy_count} {furniture_hy}]. Do you know how?> <h|No! Show me!>
- <o|[Really|With me|Do you mean it]?> <h|Yes! [The more, the better|I would like that|Come on]!>
NewPlay:
- They played {game} together. {o} was [very good at it|so fast|funny], and soon {everyone_e} wanted to play too.
- {o} showed {him} how to {skill}. It was {so_very}{adjq}, and they laughed a lot.
- They [found out|saw] that they both liked {foodthing.s}, {many} and {wildanimal.s}.
- {h} told {f} to come too. Now they were three, and [nobody was alone|they had three times the fun].
everyone_e:
- [everyone|all the children|the others|the whole class|half the town]
SeedFind:
- {when}, {h} found a [small|tiny|{color}|brown|strange] seed {pp_at}. <h|What will it [be|grow into]?>
- {k} gave {h} a seed. <k|[Put it in the ground|Plant it] and [take care of it|wait]. It will be a {flower1}.>
- {h} wanted a garden. {H} had one {size} pot and one seed. <h|Grow, little seed!>
SeedPlant:
- {H} dug a hole {place.at}, put the seed in and gave it water[| and a kiss].
- {H} put the seed in a {container} with some [dirt|soil|earth] and set it in the sun.
- {H} planted it next to the {naturething} and put {number} {many} around it, so that nobody would step on it.
SeedWait:
- {H} looked at it every day. Nothing happened. On {weekday}, nothing. On {weekday}, nothing.
- The next day {he} ran to see it. There was only dirt. <h|Why does it not grow?>
- A day went by, and then a week. It {weather_verb}, and the sun came out, but there was no plant.
SeedAdvice:
- <k|[Good|{adjq}] things take time. You have to wait.> <h|But I do not like to wait!>
- <k|The seed is asleep. Give it water, and sun, and time.> {h} nodded.
- {o} laughed. <o|It is dead. Throw it away!> But {k} shook {k.his} head. <k|Wait and see.>
SeedCare:
- So {h} gave it water {frequency}. {H} [sang to it|told it stories|pulled the weeds] and did not give up.
- When it was hot, {h} gave it shade. When the {wildanimal.s} came, {he} chased them away.
- {h} waited and waited. {H} learned to {skill} [while {he} waited|in the meantime].
SeedGrow:
- Then {when_short}, there was something green! It was tiny. {h} {react_happy}. <h|It is growing!>
- {when_short}, a small leaf came up. Then two. Then there was a {color} {flower1}[|, as big as a {anything}]!
- It grew and grew, up to {his} {bodypart}, up to the {furniture}, up to the roof.
when_short:
- [one day|one morning|on {weekday}|after {number} days|in {month}|after the rain]
SeedShare:
- {h} gave the [new seeds|first flowers] to {k}, {f} and everyone {place.at}.
- [Bees|Birds|Bugs] came to it, and so did the neighbors. <k|You did that, {dear}. You waited.>
- Soon there were {flower1.s} everywhere, and the {placeword} smelled {taste_good}.
taste_good:
- [sweet|good|of {food}|like {season}|wonderful]
NoiseNight:
- One night, {h} was in bed. It was dark and {weather}. {H} could not sleep.
- It was late. The moon was [big|bright|behind the clouds], and everyone was asleep but {h}.
- {when_end}, {h} was {work.g} [alone|{room.at}]. It got dark[|, and the wind {blow.d}].
NoiseHear:
- Then there was a noise. {noisework}! {noisework}! It came from {under_the}.
- {noisework}, {noisework}, {noisework}! What was that? {h} pulled the {blanket_} over {his} head.
- A {soundadj} {sound} came from {under_the}. Then it was quiet. Then it came again.
under_the:
- [under the bed|the {furniture}|the {room}|behind the door|the roof|outside|the {container}|the wall]
blanket_:
- [blanket|pillow|sheet|quilt|cover]
NoiseGuess:
- <h|Is it a {monster}? [Is it|Or] a {size} {wildanimal}?> {H} was {so_very}[scared|afraid|{bad_feeling}].
- {h} thought of {monster.s}, of {wildanimal.s} and of the {job} in the {building}. 
- <h|Go away, {monster}!> The noise did not go away.
NoiseGo:
- {H} took {his} {own} and got out of bed. [Step by step|On tiptoe|Very {manner.ly}] {he} {go.d} to the door.
- {H} wanted to be brave. {H} put one foot on the floor, then the other. The floor was cold.
- {H} looked under the bed. There was only {np_thing_f} and {a_sock}.
a_sock:
- [a sock|dust|a {state} {cloth}|an old {foodthing}|a {toy}]
NoiseCall:
- {H} ran to {k}. <h|There is [something|a {monster}] in [my room|the house]!> <k|Let us have a look[| together].>
- <h|{k.v}! {k.v}! Come quick!> {k} came with a {light}. <k|What is wrong, {dear}?>
light:
- [light|lamp|candle|flashlight|lantern|broom]
NoiseLook:
- {hand} in hand they {go.d} {manner.ly} to [the place|the door|the {furniture}]. {noisework}! There it was again!
- {k} turned on the light. They looked [in|under|behind] the {furniture}, and then [in|under|behind] the {furniture}.
hand:
- [hand|arm]
NoiseFound:
- And there sat a [little|tiny|{animal}] {animal1}! It had [lost its mother|eaten the {food}|come in from the {weatherstuff}].
- It was only the {furniture_noise}[|, and the wind]. <h|Is that all?>
- It was the {petanimal}! It was playing with {np_thing_f}[| and {stuff}].
furniture_noise:
- [window|door|old clock|tree at the window|{vehicle} of the neighbor|{tool} on the wall|fridge|gate]
NoiseLaugh:
- They looked at each other and laughed. <k|Some {monster}!> <h|It was {so_very}[small|cute|loud]!>
- <k|In the dark, everything looks [big|bigger]. [You were very brave|Now you know].>
- They gave it {food} and a {container} to sleep in. <h|Good night, little {monster}!>
LieDid:
- {when}, {h} ate all the {snack1.s} that {k} had made[| for the {contest1}]. They were so {taste}!
- {when}, {h} was playing with a ball in the house. {noisework}! The {thing} of {k} fell down and broke.
- {h} had to {chore1}, but {he} wanted to play. So {he} [did not do it|hid {hiding.at}|{playact.d} {place.at} all day].
- {when}, {h} took the {thinglook} {thing} of {f}. {H} only wanted to look at it, but then {he} lost it.
LieAsk:
- {k} [came in|came home|looked around]. <k|Who did this?> {h} [turned red|looked at the floor|felt hot].
- <k|{h.v}, do you know [what happened here|anything about this|who it was]?>
LieTell:
- <h|[It was not me|I do not know]! It was [the {petanimal}|{o.v}|a {monster}|a {size} {wildanimal}]!>
- {h} was scared, so {he} told a lie. <h|A {job} came in and did it! He had a {color} {cloth_m}!>
cloth_m:
- [hat|coat|bag|face|nose|scarf]
LieGrow:
- <k|[Really|Is that so]? And then?> <h|And then [he flew away|there was a {sound}|came a {wildanimal}]!> The lie got bigger and bigger.
- So {k} was angry with the {petanimal_or}. It had to [stay outside|go to bed without {food}|sit alone].
- Everyone [looked for|talked about] it. A {job} even [put up a sign|came with a {tool}|wrote it down].
petanimal_or:
- [{petanimal}|poor dog|cat]
LieGuilt:
- {h} could not [sleep|eat|play]. {His} tummy hurt, and it was not the {foodthing.s}.
- {h} felt {bad_feeling}. It is hard to carry a lie. It is [heavy|as heavy as a {naturething}|like a {naturething} in your shoe].
- {H} saw that [someone else was sad because of {him}|it was not right]. {H} felt {so_very}bad.
LieTruth:
- So {he} went to {k}. <h|I lied. It was me. I am sorry.>
- <h|{k.v}? I have to tell you something.> And {he} told the truth, all of it.
- {h} began to cry. <h|I did it! [I was scared|I did not want you to be angry|I am so sorry]!>
LieForgive:
- {k} was quiet. Then {k.he} [hugged {him}|smiled|took {his} hand]. <k|Thank you for telling the truth. [That was brave|It was hard, I know].>
- <k|I am not happy about it. But I am proud that you told me.> They [fixed it|cleaned up|made new ones] together.
- <k|I knew it.> <h|[You knew|How]?> <k|You have {stuff_face} on your [face|nose|shirt|hands].>
stuff_face:
- [jam|dirt|paint|sugar|glue|crumbs|chocolate|flour]
WayGo:
- {when}, {h} went [for a walk|to visit {his} {family}|to pick {berries}|to {playact}] {wh.at}.
- {when}, {h} ran after {np_creature1}. {H} ran and ran[|, over the {naturething} and past the {building}].
- {k} had said: "Do not go far." But there was {np_any_see}, and then {np_any_see}, and {h} went on and on.
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
- {H} climbed a {tree} to see. There were {number} {naturething.s}, and behind them more {naturething.s}.
- {H} sat down and thought. <h|[The sun is there|The wind comes from there], so home must be [there|that way].> It was not.
WayMeet:
- Then {he} met {o}. <o|Why are you crying?> <h|I want to go home, but I do not know the way.>
- <o|Who is there? [You look lost|Do not be afraid]!> It was {o}. {h} told {o.him} [everything|{his} story].
- A light came [closer|through the {tree.s}]. It was {o} with a {light}. <h|[Please help me|Can you help me], I am lost!>
WayHelp:
- <o|I know the way. [Come with me|Follow me|Hold my hand]!> They {go.d} past {np_any_see} and over a {naturething}.
- <o|What do you see from your window?> <h|A {building} and a {color} {vehicle}.> <o|Then I know where you live!>
- {o} showed {him} how to find the way: by the {naturething.s}, the {star_} and the smell of {food}.
star_:
- [stars|moon|sun|wind|river|moss on the {tree.s}]
WayHome:
- There was the house! {k} ran out and hugged {him}. <k|Where have you been? I was so {bad_feeling}!>
- At home there was {food} for {h} and {o}. [{o} stayed for dinner.|They became friends.|Everyone was happy.]
- {k} thanked {o} and gave {o.him} {snack_or_food}. <k|Next time, tell me where you go, {h.v}.>
WishFind:
- {when}, {h} found a {thinglook} {thing} {pp_at}. It [was magic|could talk|began to {shine}]! "I can give you two wishes," it said.
- {when}, {h} helped an old {monster} [with a {container}|across the {road}|out of a {naturething}]. "I will give you two wishes," said the {monster_}.
- {when}, a star fell from the sky. {h} picked it up. It was [warm|cold|soft|singing]. "Make two wishes," it said.
monster_:
- [old one|strange one|little one]
WishSay:
- {h} {react_happy}. What did {he} want? A {toy}? {food}? A {petanimal}? {bignumber} {many}?
- <h|Can I wish for anything?> "Anything," it said. "But be careful what you wish for."
- <h|Let me think. I want ... no. Or maybe ... no.> It is hard to wish[| when you can have it all].
WishOne:
- <h|I wish that [everything was made of {food}|it was {dayname} every day|I was as big as a {building}|I could fly]!> {noisework}! It came true.
- <h|I want {bignumber} {many}!> {noisework}! There were {many} on the {furniture}, {many} in the bed, {many} everywhere.
- <h|I wish I had [all the toys|all the {foodthing.s}|the {size.t} {building}] in the world!> {noisework}! And so it was.
WishTwo:
- At first it was {so_very}fun. {H} {playact.d} and {playact.d} and ate {food} all day.
- <h|This is [great|wonderful|the best day ever]!> {H} did not see how {bad_feeling} {f} looked.
- Everyone came to look. {h} was {so_very}proud.
WishBad:
- But soon it was too much. {H} could not [sleep|sit down|find {his} bed|play with {f}]. It was not fun any more.
- But {f} could not [get in|come near|play with {him}]. And {k} [was sad|could not find {him}|had to work all day].
- But by {weekday}, {he} was {bad_feeling}. {H} missed [{his} old {own}|{his} little house|{f}|plain bread|a normal {weekday}].
WishBack:
- {H} had one wish left. <h|I wish that everything was [as before|like it was].> {noisework}!
- <h|I do not want it any more. I want [my friends|things the way they were|only one {toy}].> And it was so.
MapFind:
- {when}, {h} found an old [map|piece of paper|letter] {hiding.at}. There was a red X on it. <h|A treasure!>
- {k} gave {h} a {keepsake}. In it was a map[| of {the_place}| drawn in {color} ink].
- {when}, a bottle came [down the river|out of the sea|with the rain]. In the bottle was a map[| with a red X].
MapStart:
- <h|We need a {tool}, a {tool} and {snack_or_food}.> They packed it all in a {container} and {go.d} off.
- The map said: "Start at the {building}. Go {bignumber} steps to the {naturething}."
- <f|Is it real?> <h|[Let us find out|I think so|There is only one way to know]!> 
MapStep:
- They {go.d} {pp_move_they}, past {np_any_see} and over {number} {naturething.s}. "Turn left at the {tree}," the map said.
- Then they came to a {naturething}. How could they get across? {f} found a {tool}, and {h} {buildverb.d} a bridge[| of {material}].
- There was a riddle: "{riddle}" <h|[Easy|I know it]! It is [a|the] {anything}!>
- A {size} {wildanimal} stood in the way. <h|[Please|Excuse me], may we pass?> They gave it {food}, and it {animalact.d} away.
- They [got lost|were tired|fell into the {stuff}], but they did not give up. <f|[One more step|Come on], {h.v}!>
riddle:
- [What has {number} {pawpart.s} and cannot {playact}?|What is {color} and {animalact.z} at night?]
- [What goes up but never comes down?|I am {size} when I am young and {size} when I am old. What am I?]
- [The more you take, the more you leave. What is it?|What has a {bodypart} but no {bodypart}?]
MapDig:
- There was the X! They dug and dug. {noisework}! The {tool} hit something [hard|made of {solid}].
- <h|Here it is!> They pulled a {look_thing} {container} out of the {stuff}.
- Under the {naturething} was a hole, and in the hole was a {hy_adverb} {container}.
MapOpen:
- They opened it {manner.ly}. It was full of {many}, {many} and a {look_thing} {keepsake}!
- In it there was no gold. There was a letter: "{wisdom}" and [under it |]{number} {foodthing_dry}.
- Inside was the {toy} that {k} had lost as a child, and a {look_thing} {keepsake}.
foodthing_dry:
- [cookies|nuts|candies|lollipops|chocolate coins|biscuits|raisins]
MapShare:
- They gave half of it to {k} and [kept the rest|shared the rest]. {k} [was so surprised|could not believe it|laughed].
- <f|What shall we do with it?> <h|We can share it with everyone {place.at}!> And they did.
- They made a new map, put {np_thing_f} in the {container} and hid it for someone else to find.
DayPlan:
- {when}, {k} said, "Today we go {wh.to}!" {h} was {so_very}[happy|excited|glad].
- It was {weekday}, and there was no [school|work|rain]. {h} and {k} wanted to go {wh.to}.
- <k|Do you want to see the {event} {wh.at}?> <h|Yes, yes, yes!>
DayGo:
- They went by {vehicle}. It was {a_hy_ride}. {h} looked out of the window and counted {number} {many}.
- They packed {food}, {foodthing.s} and a {cloth} and {go.d} off.
- <h|Are we there yet?> <k|Not yet.> <h|Are we there now?> <k|[Almost|Soon], {dear}.>
a_hy_ride:
- [a long ride|a {hy_digit_time} ride|a {hy_time} trip|not far|a bumpy ride]
DaySee:
- {H} saw {np_creature}, {np_creature} and {np_any}. The {wildanimal.s} were {so_very}{adjq}.
- A {job} showed them how to {skill}. {h} tried it, and it [worked|was {adjq}|made everyone laugh].
- {h} went on the {ride_}[| {number} times]. It went {noisework}, up and down[|, and {k} turned green].
- There was a {job} who could {playact} with {number} {many} on {his_neutral} {headpart}. Everyone clapped.
- {h} got a {color} balloon, {taste} {food} and a {toy}.
- <h|Can I feed the {wildanimal.s}?> <k|Yes, but [not too much|be careful|only {food}].> The {wildanimal.s} {animalact.d}.
ride_:
- [merry-go-round|see-saw|big wheel|{size} slide|little train|roller-coaster|swing|{vehicle}]
his_neutral:
- [one|a|the top of a]
DayTrouble:
- Then {h} let go of {k}'s hand. There were so many people. Where was {k}?
- But then it {weather_verb}. They got {so_very}wet[|, and so did the {food}].
- Then the {toy} of {h} [fell into the water|flew away|was gone|got stuck in a {tree}].
- A {wildanimal} took {his} {foodthing} and ran. <h|Hey! That is mine!>
DaySolve:
- A {person} {job} [helped {him}|saw it and came with a {tool}]. Soon it was all right again. <h|Thank you!>
- {h} did not cry. {H} [stood still and waited|asked a {job}|called out loud], and soon {k} was there. <k|There you are!>
- <k|[Never mind|It is okay|Do not be sad]. We can [share mine|laugh about it|get a new one].> And they did.
DayHome:
- In the evening they went home. {h} was tired and happy. <h|That was the best day ever!>
- On the way home, {h} fell asleep [in the {vehicle}|with {his} {own} in {his} arms] and dreamed of {wildanimal.s}.
GreedSee:
- {when}, {h} saw a {size} {container} of {snack1.s} [on the {furniture}|{place.at}]. They smelled {so_very}good.
- {k} had made {bignumber} {snack1.s} for the {contest1}. <k|You may have [one|two], {h.v}. The rest is for later.>
- There was a {tree} full of {snack1.s} {place.at}. [Everyone could take one.|{h} looked up at them.]
GreedEat:
- {H} ate one. It was {so_very}{taste}. Then {he} ate another one. And another one.
- "One more will not hurt," {h} thought. {H} took one, then two, then three.
- {H} put {number} in {his} mouth and {number} in {his} {cloth}.
GreedWarn:
- <f|Stop, {h.v}! [That is too much|Leave some for us|You will be sick].> But {h} did not listen.
- {f} came by. <f|Can I have one?> <h|No! They are all mine!> {f} went away, {so_very}sad.
- A little {wildanimal} looked up at {him} with hungry eyes. But {h} [turned away|gave it nothing].
GreedMore:
- {H} ate and ate until the {container} was empty. {bignumber} {snack1.s}! {His} tummy was as round as a ball.
- Soon there was only one left. {H} ate that one too.
- {H} wanted to carry them all home. But {his} {container} was so heavy that [it broke|{he} fell over|{he} could not walk].
GreedSick:
- Then {his} tummy began to hurt. <h|Ow, ow, ow!> {H} lay down {pp_at} and could not get up.
- {H} felt hot and cold, and everything went round and round. <h|I do not feel so good.>
- {h} was so full that {he} got stuck in the {stuckplace}. <h|Help! I cannot get out!>
GreedCare:
- {k} made {him} {drink} and put {him} to bed. <k|[What did we learn|Was it worth it], {dear}?> <h|No more {snack1.s}. Not today.>
- {f} came and [sat next to {him}|held {his} hand|pulled {him} out]. <h|I am sorry. Next time I will share.>
- The next day, {h} [made|brought] {bignumber} new {snack1.s} and gave them [all away|to {f} and the others].
SickIll:
- {when}, {h} woke up and did not feel well. {His} {bodypart} hurt, and {he} was hot.
- {h} had {color} spots on {his} face, {number} on {his} {bodypart} and {number} on {his} {bodypart}.
- {h} fell off the {toy_ride} and hurt {his} {bodypart}. It was [red and blue|big and round]. <h|[Ow|Ouch]!>
toy_ride:
- [swing|bike|slide|{vehicle}|wall|chair|sled|scooter|pony]
SickDoctor:
- {k} put a hand on {his} head. <k|You are [hot|ill]. We must go to Dr.~{surname1}.> <h|No! I do not want to!>
- <k|Let me see. Oh dear. Dr.~{surname1} will know what to do.> 
SickAfraid:
- Dr.~{surname1} had a {color} {cloth}, a {size} {container} and cold hands. {h} held {his} {own} tight.
- {h} was afraid. What was in the {size} bag? A {tool}? A needle?
SickHelp:
- "Open your mouth and say ah," said the doctor. "Now [breathe in|count to {number}|look at the {wildanimal}]. All done!" <h|That was all?>
- The doctor looked at {his} {bodypart}, {his} {bodypart} and {his} tongue. "You need [rest|sleep|{drink}|medicine] and {number} good jokes."
- The doctor gave {him} medicine. It tasted like {stuff}, but {h} took it[| for {k}| in one gulp].
SickBetter:
- {h} had to stay in bed for {number} days. {f} brought {snack_or_food}, {many} and {quality} stories.
- {h} slept and slept. When {he} woke up, it did not hurt any more. <h|I am well again!>
- Soon {h} could {playact} again. {H} drew a picture for the doctor: a {wildanimal} with a {color} {cloth}.
"""

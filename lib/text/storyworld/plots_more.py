"""Further ways to tell the beats of the plots; they join the rules of the same names."""

from __future__ import annotations

RULES = """
Open:
- 2* {h} was {desc}. {He} lived with {his} [mom and dad|mom|grandma|family|{family} and {family2}]
  in {house}. {Who}
- 2* {when}, {desc} named {h} [wanted to {playact}|was playing {place.at}|{go.d} {pp_move}|had
  nothing to do].
- In a {size} {building} by {the_place}, {desc} lived. {His} name was {h}. {Who}
- Everyone {place.at} liked {h}. {He} was {desc}. {Who}
- Do you know {h}? {H} is {desc}, and this is what happened to {him} one {season}.
- {h} was [happy|so happy|excited|glad]. It was {weekday}, and {he} was going {place.to}. {Who}
Who_child:
- {H} loved to {inf}, and {he} loved to {inf}.
- {H} had a {np_adj} {np_noun} and a {np_adj} {np_noun}.
- {H} [was|felt] {happy_word} because {happy_reason}.
- {H} liked [to play with {his} friends|to be outside|stories about {monster.s}|the color {color}|
  {food} and {food}].
- {H} had one brother and {number} sisters.
Who_animal:
- {H} loved to {inf} with the other animals.
- {H} had {number} brothers and sisters, and all of them liked to {playact}.
- {H} [ate|liked|looked for] {snack_or_food} all day long.
- {H} was [small|slow|shy|quiet|very small|so little], but {he} [had a big heart|could {playact}
  well|was never {bad_feeling}].
Bad:
- {H} did not want to {inf}. {H} did not even want to {inf}.
- "[Why me|What now|What shall I do]?" thought {h}.
- {H} wished {he} [had stayed in bed|was at home|was a {wildanimal}|could {inf}].
- [All the fun|All {his} joy] was gone. {H} just wanted to go home.
- {H} hid {his} face in {his} [hands|arms|{cloth}] so that no one could see.
- It was not {quality_good} at all. {H} was {sad_word} and {bad_feeling}.
Good:
- {H} wanted to tell everyone[| about it]: {his} mom, {his} {family}, the {job} and even the
  {wildanimal.s}.
- {H} was so {happy_word} that {he} hugged {k}, the {petanimal} and the {furniture}.
- <h|I am so {good_feeling}! I could {playact} [all day|all night|to the moon]!>
- How {h} laughed! How {he} {playact.d}!
- {H} felt [warm inside|ten feet tall|as light as a feather|like a {job}].
- [Nothing|Nobody] could make {him} {bad_feeling} now.
Think:
- {H} had two ideas. One was {quality}. The other one was {quality}. {H} took the other one.
- <h|If I wait, nothing will happen. I must do something.>
- {H} looked at the {naturething} for a long time, and the {naturething} looked back.
- What would {k} say? What would {f} do? {h} [thought hard|closed {his} eyes|walked up and down].
Moral:
- {h} [understood|saw|knew] that it is [not enough to be {person}. You must be {person} too|better
  to {lesson} than to {inf_plain}].
- And that is how {h} learned to {lesson}.
- {k} had said: "{wisdom}" And {k.he} was right.
- {h} was glad that {he} had learned to {lesson}.
- Now {h} knows: [when things go wrong|if you are {bad_feeling}|when it gets hard], {lesson}.
- [Always|Try to|So] {lesson}, and [good things will happen|others will do the same|you will be
  happy|you will never be alone].
inf_plain:
- [be rich|be first|be fast|win|have it all|be the best|{playact} all day|have {bignumber} {many}|
  be {person}]
End:
- They [played|{playact.d}] [until|till] the sun went down, and then they went home[| happy and
  tired].
- And they all had [cake|{food}|{foodthing.s}] and [milk|{drink}].
- {h} [smiled|{react_happy}]. It was a good day.
- They were happy and [played together|{playact.d}] every day.
- {h} went to sleep with a smile on {his} face.
- After that, {h} and {f} were the best of friends.
- {k} gave {h} a kiss on the {headpart}. <k|Good night, {dear}.>
- And the {wildanimal} {place.at}? It [is still there|{animalact.d} and {animalact.d}|was happy
  too].
- The sun went down, and the {naturething.s} {shine.d}. {h} was {happy_word}.
- {h} could not wait for the next {daypart_end}.
Greet:
- {k} [saw|found|met] {him} there. <k|{h.v}, [my dear, |]what [is it|happened to you|makes you
  cry|are you doing here]?>
- <k|[Come here|Sit down|Come in], {dear}. [Tell me all about it|What makes you so {bad_feeling}|I
  am listening].>
- {H} went to [look for |see |find ]{k}. {K} was {work.g} {place.at}[| as always].
- {k} always [knew|saw] when something was wrong. <k|[You are so quiet|You did not eat your
  {food}], {h.v}.>
- <h|{k.v}? [Do you have a minute|Can I ask you something|Are you there]?> <k|[Of course|Always|
  Yes], {dear}.>
Thank:
- <h|[What would I do without you|You always know what to do|You are so {person}], {k.v}!> {k}
  {gesture.d}.
- {h} said thank you [three times|with a {size} hug|and meant it], and {k} was {happy_word}.
- <k|I am [so |very ]proud of you, {h.v}.> That made {him} {happy_word}.
MeetFriend:
- {f} was there too. They [said hello|hugged|laughed] and {desiret}.
- {Then} {h} saw {f} [in|on|near|by|under|behind] {place_plain}. {F} was {happy_word} and waved.
- <f|{h.v}! [Wait for me|Over here|I was looking for you]!> It was {f}, with {np_thing_f}.
- {f} liked to {inft}, just like {h}. <f|[Can we|Shall we|Do you want to] {inf_us}?> <h|[Yes|Okay|
  Sure]! [But not now|Right now|In a minute].>
LostLove:
- {h} had [many|a lot of] toys, but {he} liked {his} {thinglook} {thing} best[| of all].
- Every day, {h} played with {his} {thinglook} {thing}. Every night, {he} put it next to {his}
  bed.
- {h} got a {thinglook} {thing} from {k}. <k|[Take good care of it|Do not lose it], {h.v}.> <h|I
  will!>
- The {thinglook} {thing} was {quality}. {h} showed it to {his} {family}, to the {job} and to
  {number} {wildanimal.s}.
LostGone:
- {when}, {h} wanted to play with {his} {thing}. {H} looked [in|on|under] the {furniture}. It was
  not there.
- {h} {playact.d} {wh.at} all {daypart}. When it was time to go, {he} looked for {his} {thing}. It
  was gone.
- <h|[Mom|{k.v}|Hey], where is my {thing}?> Nobody knew. Nobody had seen it.
- {when}, the wind {blow.d}, and the {thing} was not where {he} had put it.
LostSearch:
- {H} looked [in|under|behind] the {furniture}. No {thing}. {H} looked [in|under|behind] the
  {furniture}. No {thing}!
- {H} {move} and looked there. {H} {sense}, but {he} did not see the {thing}.
- <h|[Are you here|Come out|Where are you], little {thing}?> But {things} do not answer.
- {H} looked in every {container} and under every {furniture}. {H} even asked the {petanimal}.
- {H} thought {he} saw it [in|on|near] the {naturething}, but it was only a {state} {cloth}.
things:
- [toys|things|lost things]
LostAsk:
- <h|Have you seen my {thing}? I want it back!> <k|Let me think. [I saw you with it|You had it]
  [this morning|before lunch|on {weekday}].>
- {k} wanted to help. <k|What does it look like?> <h|It is {thinglook}, and it is mine[|, and it
  is the best {thing} in the world].>
- <k|[When|Where] did you play with it?> <h|I do not know. [Here|Outside|In the {placeword}]. And
  {place.at}.>
LostHint:
- They thought about the day. First {h} {playact.d} {place.at}. Then {he} went {wh2.to}. <k|Then
  let us go there!>
- The {petanimal} ran {wh2.to} and {animalact.d}. <k|I think it wants to show us something.>
- <k|[Close your eyes|Think hard]. What do you see?> <h|I see a {naturething}. It is {wh2.at}!>
LostFound:
- {h} looked down. There was something {thinglook} {hiding.at}. <h|My {thing}! [I have you back|
  There you are]!>
- And there it was, {hiding.at}, a little {state}, but safe. {h} {hold.d} it and {react_happy}.
- {o} was there with the {thing}. <o|Is this yours? I found it {hiding.at}.> <h|Yes! Thank you!>
BrokenHave:
- On the {furniture} of {k} there was a {thinglook} {thing}. {h} liked to look at it every day.
- {when}, {h} and {f} wanted to play [ball|tag|{game}] in the house. It was too {weather} to go
  out.
- {k} loved {k.his} {thinglook} {thing}. It was [very old|from {townname}|the only one in the
  world].
BrokenSnap:
- {h} jumped. {h} ran. {h} did not look. {noisework}! Down came the {thing}.
- It was so [small|heavy|thin|smooth]. It {fall.d} out of {his} hands. {noisework}! Now it had a
  {mishap}.
- <f|Look out!> But it was too late. {noisework}! The {part} of the {thing} was on the floor.
BrokenTry:
- {h} was {sad_word}. {H} put a {cloth} over it and {go.d} away. But {he} could not stop thinking
  about it.
- {H} got some {stuff} and put it on the {part}. Now {his} hands were {state}, and so was the
  {thing}.
- <h|[Maybe|If we are lucky,] nobody will see it.> <f|[I do not think so|You should tell {k.v}].>
BrokenTell:
- <k|What happened here?> {h} looked at the floor. <h|I did it. I wanted to {inf_me}, and it
  broke. I am sorry.>
- {h} took the pieces to {k}. <h|I was not careful. Are you mad at me?> <k|[No|A little|Not very].
  But I am glad that you came to me.>
BrokenFix:
- <k|We need glue and a {tool}. And time.> They sat down at the {furniture} and got to work.
- {k} showed {him} how to {buildverb} the {part}. {h} did it all {manner.ly}, and {he} did it
  well.
- {h} gave all {his} {coins} to pay for a new {part}. <k|That is {quality} of you.>
BrokenDone:
- When they were done, it looked [good|nice|almost new|funny|like a {anything}]. They both
  {react_happy}.
- Now there was a {color} {part} on it, and {k} liked it even better that way.
ShareHave:
- {h} had a new {thing}. It was {thinglook}. {H} played with it [all day|every day], all alone.
- {k} gave {h} a {container} of {snack1.s}. There were {bignumber} of them[|, one for each of
  {his} friends].
ShareNo:
- {h} did not want to share. <h|It is my {thing}! [You have your own|I had it first|You are too
  little]!>
- <h|No, no, no!> {h} took the {thing} and {go.d} {pp_move}.
ShareFight:
- {f} was [sad|angry|hurt]. <f|You are my friend. Friends share.> But {h} did not [listen|care|
  look up].
- {f} said nothing. {F} [frowned|sighed|shrugged|swallowed|looked away] and {go.d} [home|away|off
  to play with {o}].
ShareHappen:
- {h} played alone for {hy_time_plain2}. Then {he} looked up. Where was everyone? It was so quiet.
- Then it got stuck! {h} pulled and pulled, but it was too hard for one. <h|I need help.>
- {o} saw it. <o|A {thing} is more fun with two. I know[| that now| because I had one too].>
ShareYes:
- {h} ran after {f}. <h|Wait! [I am sorry|Come back]! I want to share. You can have it first.>
- <h|Do you want to play with me[| and my {thing}]?> {f} looked at {him} for a while. <f|Okay.>
ShareTogether:
- They played with it [all day|until dark|{place.at}]. {f} had good ideas, and {h} had good ideas
  too.
- {f} let {h} play with {f.his} {toy}, and {h} let {f} play with {hers}. It was [better|more fun]
  that way.
FearWhat:
- When it was time to {inf}, {h} always said no. It was because of {fear1}. {H} was
  {so_very}afraid.
- {h} dreamed about {fear1} at night, and then {he} called for {k}.
FearCall:
- {when}, all {his} friends wanted to {inft} {wh.at}. <f|Come on, {h.v}!> But {h} stayed behind
  and {gesture.d}.
- {when}, {k} asked {h} to get a {tool} [from the {building}|{wh.at}]. But what about {fear1}?
FearTell:
- <k|Why did you not go with them?> <h|Because of {fear1}. I am not brave.>
- {h} did not want to say it, but then {he} did. <h|It is because of {fear1}. I am so scared.>
FearAdvice:
- <k|I will come with you. We can go slowly, one step and then one more.> <h|And if I want to go
  back?> <k|Then we go back.>
- <k|Look at it in the light. Say hello to it. Most things are not so bad when you know them.>
FearTry:
- {h} wanted to be brave. {H} {move}. It was {so_very}scary, but {he} did not run away.
- Hand in hand they went {wh.to}. <k|Are you okay?> <h|I think so. [Do not let go|Stay with me].>
FearDo:
- {H} looked, and {he} looked again. It was not so bad at all. Nothing hurt {him}. {H} even
  {react_happy}.
- And then it was over. <h|Was that all? I want to do it again!>
RescueHear:
- {h} was on {his} way [home|to {the_place}] when {he} heard something. It was a {soundadj}
  {sound}. Someone was crying.
- {h} and {f} were playing {wh.at}. <f|Shh! Did you hear that?> It was a {soundadj} {sound}.
RescueSee:
- It was a {animal1}, a very {size} one. It was in a {stuckplace} and could not get out. It looked
  at {him} with big eyes.
- {H} looked [up|down|around], and there it was: a {animal} {animal1}. It had lost its way and its
  {legpart} was hurt.
RescueTry:
- {h} wanted to help it, but how? {H} was too small, and the {stuckplace} was too {deep_}.
- {H} took {his} {own} and tried to reach the {animal1} with it. It was no good.
- {H} called to it. It came a little closer. Then it {struggle} and went back.
deep_:
- [deep|high|big|small|dark|wet|far away]
RescueCall:
- <h|[Stay here|Do not move|I will be back soon], little one!> And {h} ran as fast as {he} could
  to get {k}.
- {h} knew that {he} could not do it alone. {H} went to {k} and asked for help.
RescueWork:
- {k} had a {tool} and a plan. <k|You hold this. I will go in.> {h} held it with both hands and
  did not let go.
- It took a long time. {h} talked to the {animal1} so that it would not be afraid. <h|[It is okay|
  You are safe now|Soon you will be free].>
RescueFree:
- And then the {animal1} was out. It was wet and {state}, but it was {happy_word}. {h} was
  {happy_word} too.
- It ran around and around. It jumped up and down. It was free!
RescueThanks:
- The {animal1} did not want to go. <h|Can we keep it?> <k|No, {dear}. It has a family. But it can
  come to see us.>
- {h} waved until {he} could not see it any more. <h|Goodbye, little {animal1}! [Be careful|Come
  back soon]!>
SkillWant:
- {h} was [good at many things|{smallnumber} years old|not like the others], but {he} could not
  {skill1}.
- <h|I want to {skill1}. [Can you show me how|Who can help me|How do you do it]?> <f|[It is easy|
  You have to try|Ask {k.v}].>
SkillFail:
- {H} did it [too fast|too slow|the wrong way|with the wrong hand]. {noisework}! It was no good.
  {H} tried again. {noisework}!
- It looked so easy when {f} did it. But when {h} tried, {he} {fall.d} on {his} {bodypart}.
- <h|I [cannot|can't] do it! It is too hard!> {H} threw {his} {cloth} on the ground.
SkillAdvice:
- <k|Do not look at your {bodypart.s}. Look [at me|up|ahead]. And do not stop when it gets hard.>
- <k|Nobody can do it the first time. Not me, not {f.v}, not even a {job}. You have to try and
  try.>
SkillPractice:
- {H} tried in the morning and {he} tried at night. {f} [watched|helped|clapped|held {his} hand].
  It got better and better.
- {H} did it [slowly|with {f}|{place.at}], again and again. Some days were good. Some days were
  bad.
SkillDo:
- Then, one {weather} day, it was easy. {h} did it once. {h} did it twice. {H} could {skill1}!
- {k} and {f} came to see. {h} did not look at them. {H} did just what {k} had said, and it
  worked!
CookPlan:
- {h} loved {food1}. {H} wanted to make some for {f} and {k}. <h|I am big now. I can cook.>
- {when}, {k} was too tired to cook. <h|I will make {food1} for you! [Sit down|You can rest]!>
CookStep:
- {H} put it all in a big {container} and mixed it. It was fun. {His} hands were {state}, and so
  was {his} face.
- "One for the {container} and one for me," {h} sang as {he} {cookverb.d} the {foodthing.s}.
CookMistake:
- But what was in the {container}? It was not sugar. It was {stuff}! {h} did not see it.
- {h} put it in the oven and went to {pastime}. {H} forgot all about it. Soon there was a bad
  smell.
CookTaste:
- <k|Mmm, let me try some. Oh!> {k} [made a funny face|drank a lot of water|tried to smile].
- It looked {so_very}bad. It smelled bad too. Nobody wanted to eat it.
CookAgain:
- <h|[Can we|Let us] make it again!> This time {h} {cookverb.d}, and {k} read the words out loud.
- They washed the {container} and started again. {h} was careful. {H} tasted everything first.
CookEat:
- This time it was good. They ate and ate. <h|I made it!> <k|Yes, you did. I want some more,
  please.>
- {f} came and had some too. <f|Can you teach me how to make {food1}?> <h|Yes! But do not forget
  the sugar.>
"""

"""Further ways to tell the beats, continued: from building to being ill."""

from __future__ import annotations

RULES = """
BuildPlan:
- {h} had always wanted a {built1}. {H} asked {his} {family}, but a {built1} costs a lot. <h|Then
  I will make one!>
- {when}, {h} and {f} had nothing to do. <f|What if we made a {built1}? A big one!> <h|Yes, let us
  do it!>
BuildStep:
- {h} cut the {solid}, and {f} put it together. It was fun to work side by side. They sang and
  talked.
- It did not look like a {built1} at first. It looked like a {anything}. Then they put on a
  {part}.
BuildStorm:
- Then {h} leaned on it to rest. {noisework}! It was not strong. It all came down.
- In the night it {weather_verb}. In the morning, {h} ran out to see. There was nothing left but
  {stuff} and {many}.
BuildHelp:
- <h|I do not want to do it again.> <f|But we know how now! It will be easy.> So {h} got up.
- {k} gave them a better {tool} and some {solid}. <k|The first one is to learn. The second one is
  to keep.>
BuildAgain:
- It was slow, but it was good. They looked at every {part} two times. Nobody wanted to {inft}
  before it was done.
- {h} had a new idea: a {part} on each side. It was much better that way.
BuildDone:
- It was done! Everyone came to look. <k|Did you do that all by yourselves?> <h|Yes, we did!>
- They called it "{built_name}" and put a {color} flag on top.
built_name:
- [The {color_cap} {monster_cap}|Fort {pet}|{pet}|{townname}|The {monster_cap}|Number
  {number_cap}]
color_cap:
- [Red|Blue|Green|Golden|Flying|Mighty|Little|Great|Happy|Wild]
monster_cap:
- [Dragon|Giant|Star|Rocket|Wonder|Eagle|Lion|Whale|Wind|Thunder|Castle|Turtle]
number_cap:
- [One|Two|Three|Seven|Nine]
WarnSay:
- <k|Listen, {h.v}. You may play [here|outside|where you like], but do not {forbid1}.> <h|Why
  not?> <k|Because I say so.>
- {k} had one rule, and {h} knew it well: never {forbid1}.
WarnDo:
- {h} knew that it was wrong. But {he} wanted it so much. {H} looked around and {move} to
  {forbid1}.
- It was so easy. Nobody was there. {h} only wanted to {forbid1} once.
WarnHappen:
- Oh no! {noisework}! It was worse than {he} had thought. {h} {fall.d}, and now {he} could not
  move {his} {bodypart}.
- At first nothing happened. {h} {react_happy}. Then, {noisework}! Everything {fall.d} down on
  {him}.
WarnHelp:
- {k} heard it and came running. <k|{h.v}! Are you hurt?> {K} [took|held] {him} in {k.his} arms.
- {f} got {k}, and {k} got a {tool}. Soon {h} was safe again.
WarnSorry:
- <h|I will never {forbid1} again.> <k|Good. I was so scared when I heard you cry.>
- <k|Do you know now why I said no?> {h} nodded. {His} {bodypart} still hurt.
ContestNews:
- On {weekday} there was a big {contest1} {wh.at}. Everyone talked about it. Everyone wanted the
  {thinglook} {thing}.
ContestStart:
- It was time. There was {h}, there was {f}, and there was {o}. <o|I will win, you will see!>
  {noisework}! They started.
ContestHappen:
- {h} was good, but {o} was better. Then {o} looked back to laugh at {h} and {fall.d} on {o.his}
  {bodypart}.
ContestStop:
- {h} stopped. Everyone else ran past. <h|Can you get up?> <o|No. It hurts.> So {h} stayed with
  {o.him}.
ContestEnd:
- They did not win, but nobody was sad. {o} gave {h} {o.his} own {toy}. <o|You are the best of us
  all.>
VisitorCome:
- {when}, {h} went to feed the {wildanimal.s}. Between the {wildanimal.s} sat a {creature}, eating
  {food}.
- {h} could not sleep. {H} looked out of the window, and there was a {creature} in the {tree1}!
VisitorTalk:
- "What is that?" asked the visitor. <h|That is a {anything}.> "And that?" <h|A {anything}.> It
  wanted to know everything.
- "I am {number} hundred years old," said the stranger. <h|I am {smallnumber}.> "Oh! So young!"
- The visitor liked {food}, {toy.s} and {flower.s}. It did not like {wildanimal.s}.
VisitorTry:
- They asked a {job}. They asked a {wildanimal}. They read a {size} book about {many}. No one
  could help them.
VisitorSolve:
- {h} gave the visitor [what it needed|the {thing}], and {f} gave it {food} for the long way. Now
  it could go home.
VisitorGift:
- <h|Will you come back?> "When the {flower.s} bloom," said the visitor. Then it was gone.
GiftNews:
- {k} was going to be [a year older|{bignumber} years old]. {h} wanted to find the best present in
  the world.
GiftMake:
- {h} worked all {daypart}. {H} cut and glued, and {he} sang a little song. At last the {thing}
  was ready.
GiftGive:
- <h|Guess what I have for you!> <k|A {anything}?> <h|No!> <k|A {anything}?> <h|No! Look!>
NewCome:
- {o} was the new one. {O} had come from {townname} with {o.his} {family} and a {size}
  {container}.
NewLook:
- {o} did not say much. {O} looked at {o.his} shoes and held a {look_thing} {toy}.
NewAsk:
- {h} smiled at {o}. {o} smiled back, a little. <h|I have two {foodthing.s}. Do you want one?>
NewPlay:
- They {funt} and {funt}. {f} came too and {gesture.d}. <f|Who is your new friend?> <h|This is
  {o}!>
SeedFind:
- In an old {container}, {h} found a {look_thing} seed. Nobody knew what it was. <h|I will plant
  it and see!>
SeedWait:
- {H} sat in front of it and looked. {H} talked to it. {H} even sang to it. It did not come out.
SeedCare:
- Each morning {he} got up early to give it a drink. Each night {he} said good night to it.
NoiseHear:
- What was that? {noisework}! Something moved. {noisework}! Something was there. {h} did not move
  at all.
NoiseFound:
- And what did they see? A {animal} {animal1}, as small as a {foodthing}. It was more scared than
  {h}!
LieGuilt:
- That night, {h} lay in bed and looked at the dark. {H} wanted to tell the truth, but {he} was
  scared.
LieTruth:
- In the morning {h} went to {k} and said it all at once. <h|I did it and I lied and I am sorry!>
WayLost:
- {H} turned left, and {he} turned right. No house. No road. Only {tree.s}. {h} was all alone.
WayTry:
- {H} ate {his} last {foodthing} and tried to be brave. {H} {move}, but that was not the way home.
WayHelp:
- <o|Do not cry. I get lost all the time! Come, we will find it together.> So they {go.d} on, side
  by side.
WayHome:
- <h|I see my house! I see {k.v}!> {H} ran and ran, and {k} held {him} and did not let go.
WishOne:
- {H} wished for a {anything}, and there it was. It was {size} and {color} and {so_very}{adjq}.
WishBad:
- Soon {h} saw that it was no good. {H} had everything, but {he} had no one to play with.
MapStep:
- They had to {inft}. It was hard, but {f} was good at it. Then they came to a {size} {building}
  with no door.
MapDig:
- <f|Dig here!> {h} dug. {H} found a {anything}. {H} dug some more. {H} found a {container}!
DaySee:
- They saw a {animal} {wildanimal}. It {animalact.d}. Then they saw a {job} with a {look_thing}
  {vehicle}.
- {h} wanted to see everything. {H} {sense}, and then {he} {sense}. {k} could not keep up.
GreedMore:
- {H} could not stop. {H} did not even taste them any more. Then they were all gone.
SickHelp:
- "This will not hurt," said the doctor. It did hurt a little, but {h} was brave. "What a {person}
  patient you are!"
Chat:
- <f|What did you do [yesterday|on {weekday}|last {season}]?> <h|I {playact.d} {place.at}[| and
  ate {food}| with my {petanimal}]. And you?>
- <f|[My mom|My dad|My teacher] can {playact}.> <h|[No way|Really]! [My {petanimal}|My grandma]
  can {playact}[| better].>
- <h|I had a dream. I was a {anything}, and you were a {anything}.> {f} laughed.
Scene:
- It was a good day to {inf}. The sun was out, and the {placeword} was {nature}.
- All the animals {place.at} were {playact.g}. Even the {wildanimal.s} {playact.d}.
- The {bird.s} sang, the {wildanimal.s} {animalact.d}, and [the sky was blue|the grass was green|
  the wind was {texture}].
Detour:
- {H} met a {job} who had lost a {cloth}. {h} helped to look for it. It was {hiding.at}.
- A {wildanimal} wanted some of {his} {food}. {h} gave it a little, and it {animalact.d}.
- There was a {person} {job} {place.at} who sold {toy.s}. {h} looked at the {color} one for a long
  time.
- {h} saw {np_any} and {np_any}, but {he} had no time to stop.
"""

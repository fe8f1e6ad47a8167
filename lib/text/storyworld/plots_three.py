"""Plots, third part: gifts, newcomers, seeds, noises, lies; and the rules of those."""

from __future__ import annotations

PLOTS = """
gift: Open Legend?40 SoloPast?30 PlainH?30 DuoPast?15 Both?15 / GiftNews GiftIdea?60 SoloPast?9
  DuoPast?11 Both?11 / PlainH?22 Both?30 GiftNo GiftNo?40 Bad?35 SoloPast?9 DuoPast?11 Both?11 /
  MeetFriend?15 GiftAdvice GiftMake / GiftGive GiftJoy Moral?45 DuoPast?26 Both?26 End?60
newcomer: Open Legend?40 SoloPast?30 PlainH?30 DuoPast?15 Both?15 / NewCome NewLook?70 NewAlone
  SoloPast?15 PlainH?11 / Think?10 NewAsk NewTalk?60 SoloPast?15 PlainH?11 / NewPlay Together
  NewPlay?40 / Good?45 Moral?45 DuoPast?26 Both?26 End?60
seed: Open Legend?40 / SeedFind TalkK?10 SoloPast?9 DuoPast?11 Both?11 / SeedPlant SeedWait Bad?40
  SoloPast?9 DuoPast?11 Both?11 / SeedAdvice?70 SeedCare / SeedGrow Good?45 SeedShare Moral?45
  DuoPast?26 Both?26 End?60
noise: Open Legend?40 TalkK?10 / NoiseNight NoiseHear NoiseGuess?60 SoloPast?15 PlainH?11 /
  NoiseGo?70 Bad?30 NoiseCall SoloPast?15 PlainH?11 / NoiseLook NoiseFound / NoiseLaugh Good?35
  Moral?45 DuoPast?26 Both?26 End?60
lie: Open Legend?40 Own?20 SoloPast?30 PlainH?30 DuoPast?15 Both?15 / LieDid LieAsk LieTell
  SoloPast?15 PlainH?11 / LieGrow?60 LieGuilt SoloPast?15 PlainH?11 / Greet?30 LieTruth LieForgive
  / Good?40 Moral?45 DuoPast?26 Both?26 End?60
way: Open Legend?40 SoloPast?30 PlainH?30 DuoPast?15 Both?15 / WayGo Detour?20 WayLost Bad?45
  SoloPast?15 PlainH?11 / WayTry WayTry?50 WayMeet / WayHelp Good?45 WayHome Moral?45 DuoPast?26
  Both?26 End?60
wish: Open Legend?40 SoloPast?30 PlainH?30 DuoPast?15 Both?15 / WishFind WishSay SoloPast?9
  DuoPast?11 Both?11 / WishOne WishTwo?60 SoloPast?9 DuoPast?11 Both?11 / WishBad Bad?40 Think?10
  / WishBack Good?45 Moral?45 DuoPast?26 Both?26 End?60
treasure: Open Legend?40 Habit?20 / MapFind MeetFriend?40 MapStart?60 SoloPast?9 DuoPast?11
  Both?11 / MapStep MapStep DuoPast?45 TalkF?15 DuoPast?26 Both?26 MapStep?40 SoloPast?9
  DuoPast?11 Both?11 / MapDig MapOpen Good?45 / MapShare Moral?45 DuoPast?26 Both?26 End?60
day: Open Legend?40 SoloPast?30 PlainH?30 DuoPast?15 Both?15 / DayPlan TalkK?10 SoloPast?9
  DuoPast?11 Both?11 / DayGo DaySee DaySee?50 DuoPast?45 TalkF?15 DuoPast?26 Both?26 SoloPast?9
  DuoPast?11 Both?11 / DayTrouble DaySolve / PlainH?22 Both?30 Good?45 DayHome DuoPast?26 Both?26
  End?60
greedy: Open Legend?40 SoloPast?30 PlainH?30 DuoPast?15 Both?15 / GreedSee GreedEat SoloPast?15
  PlainH?11 / GreedWarn?70 GreedMore SoloPast?15 PlainH?11 / GreedSick Bad?40 Greet?40 / GreedCare
  Moral?45 DuoPast?26 Both?26 End?60
sick: Open Legend?40 SoloPast?30 PlainH?30 DuoPast?15 Both?15 / SickIll SickDoctor SoloPast?15
  PlainH?11 / SickAfraid SickHelp / MeetFriend?15 SickBetter Good?45 Moral?45 DuoPast?26 Both?26
  End?60
"""

RULES = """
GiftNews:
- It was [almost |]the birthday of {k}. {h} wanted to give {k.him} [something {adjq}|a present|a
  {look_thing} {thing}].
- {k} had been {so_very}[kind|good|nice] to {him}. {h} wanted to [say thank you|make {k.him}
  happy].
- {dayname} was coming. [Everyone had a present.|{h} had nothing for {k} yet.|What could {h} give
  {k}?]
- {k} was sad[| because the {petanimal} was gone| because it was so {weather}]. {h} wanted to make
  {k.him} happy again.
GiftIdea:
- <h|What does {k.v} like? {k.v} likes {many} and {food}.> {H} thought about it [all day|in bed|
  for a long time].
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
- So {h} took paper, {stuff} and {many}, and {he} {buildverb.d} and {paint_} [all day|until
  dinner|in secret].
- {H} made a {thing} out of {solid} and painted it {color}. [It took a long time.|It was a bit
  crooked.]
- {H} drew a picture of {k} with a {size} smile, {number} {many} and a {wildanimal}.
- {H} picked {color} {flower.s} {place.at} and put them in a {look_thing} {container}.
paint_:
- [painted|drew|cut|glued|worked|sang|sewed|wrote]
GiftGive:
- Then the day came. <h|This is for you, {k.v}. I made it!> {K} opened it {manner.ly}.
- {h} hid it behind {his} back. <h|Close your eyes!> {K} closed {k.his} eyes[| and waited| and
  smiled].
- {k} came in. There it was, on the {furniture}, with a {color} ribbon. <k|Is this for me?> <h|
  Yes!>
GiftJoy:
- <k|It is [beautiful|the best gift ever|just what I wanted|so pretty]! Thank you, {dear}!>
- {k} [was so happy that {k.he} cried|hugged {him} for a long time|put it where everyone could see
  it].
- <k|You made this? For me? I will keep it for ever.>
NewCome:
- {when}, a new [family|neighbor] came to live {place.at}. [There was a child too|They had a
  child]: {o}.
- {when}, {h} saw {o}. {O} was new {place.at} and did not know anyone.
- There was a new face {wh.at}. It was {o}, who came from {townname}.
- {o} [had just moved in|was new in town|came from {inventedplace}]. {O} sat alone {pp_at}.
NewLook:
- {O} was different. {O} [wore {color} {pairs}|liked {stuff} on {food}|talked funny|had a
  {petanimal} on {o.his} arm].
- {O} looked sad and [shy|alone|tired]. {O} had only a {look_thing} {toy} to play with.
- The others [did not play with {o.him}|laughed at {o.his} {cloth}|ran away|looked at {o.him} and
  said nothing].
NewAlone:
- <o|I miss my [old house|friends|home|old school|{petanimal}].>
- {h} saw a tear on {o.his} face. [Nobody else saw it.|{H} felt sad too.|What could {h} do?]
- {o} [looked at the ground|sat under a {tree}|watched the others]. Nobody asked {o.him} to play.
NewAsk:
- {h} [went to|walked up to|sat down next to] {o}. <h|{Hello}! I am {h.v}. [Do you want to play|
  Can I sit here|Will you play with me]?>
- <h|Do you want to [play {game}|be my friend|see my {own}|come with us|share my {foodthing}]?>
  {o} [looked up|smiled a little|nodded].
- {h} gave {o} half of {his} {foodthing}. <h|Here. [You can have it|It is good|Try it].>
NewTalk:
- <o|I am {o.v}. [I do not know anyone here|I can {playact}, but I do not know your games|Thank
  you for asking].>
- <o|In my old town, we [played {game}|liked to {pastime}|had a {hy_count} {furniture_hy}]. Do you
  know how?> <h|No! Show me!>
- <o|[Really|With me|Do you mean it]?> <h|Yes! [The more, the better|I would like that|Come on]!>
NewPlay:
- They played {game} together. {o} was [very good at it|so fast|funny], and soon {everyone_e}
  wanted to play too.
- {o} showed {him} how to {skill}. It was {so_very}{adjq}, and they laughed a lot.
- They [found out|saw] that they both liked {foodthing.s}, {many} and {wildanimal.s}.
- {h} told {f} to come too. Now they were three, and [nobody was alone|they had three times the
  fun].
everyone_e:
- [everyone|all the children|the others|the whole class|half the town]
SeedFind:
- {when}, {h} found a [small|tiny|{color}|brown|strange] seed {pp_at}. <h|What will it [be|grow
  into]?>
- {k} gave {h} a seed. <k|[Put it in the ground|Plant it] and [take care of it|wait]. It will be a
  {flower1}.>
- {h} wanted a garden. {H} had one {size} pot and one seed. <h|Grow, little seed!>
SeedPlant:
- {H} dug a hole {place.at}, put the seed in and gave it water[| and a kiss].
- {H} put the seed in a {container} with some [dirt|soil|earth] and set it in the sun.
- {H} planted it next to the {naturething} and put {number} {many} around it, so that nobody would
  step on it.
SeedWait:
- {H} looked at it every day. Nothing happened. On {weekday}, nothing. On {weekday}, nothing.
- The next day {he} ran to see it. There was only dirt. <h|Why does it not grow?>
- A day went by, and then a week. It {weather_verb}, and the sun came out, but there was no plant.
SeedAdvice:
- <k|[Good|{adjq}] things take time. You have to wait.> <h|But I do not like to wait!>
- <k|The seed is asleep. Give it water, and sun, and time.> {h} nodded.
- {o} laughed. <o|It is dead. Throw it away!> But {k} shook {k.his} head. <k|Wait and see.>
SeedCare:
- So {h} gave it water {frequency}. {H} [sang to it|told it stories|pulled the weeds] and did not
  give up.
- When it was hot, {h} gave it shade. When the {wildanimal.s} came, {he} chased them away.
- {h} waited and waited. {H} learned to {skill} [while {he} waited|in the meantime].
SeedGrow:
- Then {when_short}, there was something green! It was tiny. {h} {react_happy}. <h|It is growing!>
- {when_short}, a small leaf came up. Then two. Then there was a {color} {flower1}[|, as big as a
  {anything}]!
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
- [under the bed|the {furniture}|the {room}|behind the door|the roof|outside|the {container}|the
  wall]
blanket_:
- [blanket|pillow|sheet|quilt|cover]
NoiseGuess:
- <h|Is it a {monster}? [Is it|Or] a {size} {wildanimal}?> {H} was {so_very}[scared|afraid|
  {bad_feeling}].
- {h} thought of {monster.s}, of {wildanimal.s} and of the {job} in the {building}. 
- <h|Go away, {monster}!> The noise did not go away.
NoiseGo:
- {H} took {his} {own} and got out of bed. [Step by step|On tiptoe|Very {manner.ly}] {he} {go.d}
  to the door.
- {H} wanted to be brave. {H} put one foot on the floor, then the other. The floor was cold.
- {H} looked under the bed. There was only {np_thing_f} and {a_sock}.
a_sock:
- [a sock|dust|a {state} {cloth}|an old {foodthing}|a {toy}]
NoiseCall:
- {H} ran to {k}. <h|There is [something|a {monster}] in [my room|the house]!> <k|Let us have a
  look[| together].>
- <h|{k.v}! {k.v}! Come quick!> {k} came with a {light}. <k|What is wrong, {dear}?>
light:
- [light|lamp|candle|flashlight|lantern|broom]
NoiseLook:
- {hand} in hand they {go.d} {manner.ly} to [the place|the door|the {furniture}]. {noisework}!
  There it was again!
- {k} turned on the light. They looked [in|under|behind] the {furniture}, and then [in|under|
  behind] the {furniture}.
hand:
- [hand|arm]
NoiseFound:
- And there sat a [little|tiny|{animal}] {animal1}! It had [lost its mother|eaten the {food}|come
  in from the {weatherstuff}].
- It was only the {furniture_noise}[|, and the wind]. <h|Is that all?>
- It was the {petanimal}! It was playing with {np_thing_f}[| and {stuff}].
furniture_noise:
- [window|door|old clock|tree at the window|{vehicle} of the neighbor|{tool} on the wall|fridge|
  gate]
NoiseLaugh:
- They looked at each other and laughed. <k|Some {monster}!> <h|It was {so_very}[small|cute|
  loud]!>
- <k|In the dark, everything looks [big|bigger]. [You were very brave|Now you know].>
- They gave it {food} and a {container} to sleep in. <h|Good night, little {monster}!>
LieDid:
- {when}, {h} ate all the {snack1.s} that {k} had made[| for the {contest1}]. They were so
  {taste}!
- {when}, {h} was playing with a ball in the house. {noisework}! The {thing} of {k} fell down and
  broke.
- {h} had to {chore1}, but {he} wanted to play. So {he} [did not do it|hid {hiding.at}|{playact.d}
  {place.at} all day].
- {when}, {h} took the {thinglook} {thing} of {f}. {H} only wanted to look at it, but then {he}
  lost it.
LieAsk:
- {k} [came in|came home|looked around]. <k|Who did this?> {h} [turned red|looked at the floor|
  felt hot].
- <k|{h.v}, do you know [what happened here|anything about this|who it was]?>
LieTell:
- <h|[It was not me|I do not know]! It was [the {petanimal}|{o.v}|a {monster}|a {size}
  {wildanimal}]!>
- {h} was scared, so {he} told a lie. <h|A {job} came in and did it! A {job} with a {color}
  {cloth_m}!>
cloth_m:
- [hat|coat|bag|face|nose|scarf]
LieGrow:
- <k|[Really|Is that so]? And then?> <h|And then [it flew away|there was a {sound}|came a
  {wildanimal}]!> The lie got bigger and bigger.
- So {k} was angry with the {petanimal_or}. It had to [stay outside|go to bed without {food}|sit
  alone].
- Everyone [looked for|talked about] it. A {job} even [put up a sign|came with a {tool}|wrote it
  down].
petanimal_or:
- [{petanimal}|poor dog|cat]
LieGuilt:
- {h} could not [sleep|eat|play]. {His} tummy hurt, and it was not the {foodthing.s}.
- {h} felt {bad_feeling}. It is hard to carry a lie. It is [heavy|as heavy as a {naturething}|like
  a {naturething} in your shoe].
- {H} saw that [someone else was sad because of {him}|it was not right]. {H} felt {so_very}bad.
LieTruth:
- So {he} went to {k}. <h|I lied. It was me. I am sorry.>
- <h|{k.v}? I have to tell you something.> And {he} told the truth, all of it.
- {h} began to cry. <h|I did it! [I was scared|I did not want you to be angry|I am so sorry]!>
LieForgive:
- {k} was quiet. Then {k.he} [hugged {him}|smiled|took {his} hand]. <k|Thank you for telling the
  truth. [That was brave|It was hard, I know].>
- <k|I am not happy about it. But I am proud that you told me.> They [fixed it|cleaned up|made new
  ones] together.
- <k|I knew it.> <h|[You knew|How]?> <k|You have {stuff_face} on your [face|nose|shirt|hands].>
stuff_face:
- [jam|dirt|paint|sugar|glue|crumbs|chocolate|flour]
"""

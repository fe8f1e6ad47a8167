"""Plots, second part: learning, cooking, building, disobeying, competing, visitors."""

from __future__ import annotations

PLOTS = """
skill: Open Legend?40 SoloPast?30 PlainH?30 DuoPast?15 Both?15 / SkillWant SkillWhy?35 TalkF?15
  SoloPast?9 DuoPast?11 Both?11 / SkillFail Bad?35 SkillFail?20 OtherLaugh?30 SoloPast?9
  DuoPast?11 Both?11 / Greet?30 SkillAdvice / SkillPractice PlainH?22 Both?30 / SkillDo Good?40
  Moral?45 DuoPast?26 Both?26 End?50
cook: Open Legend?40 SoloPast?30 PlainH?30 DuoPast?15 Both?15 / CookPlan CookList?60 SoloPast?9
  DuoPast?11 Both?11 / CookStep CookMistake Bad?40 SoloPast?9 DuoPast?11 Both?11 / CookTaste
  CookLaugh?60 / CookAgain TalkK?10 Good?35 / CookEat Moral?45 DuoPast?26 Both?26 End?50
build: Open Legend?40 SoloPast?30 PlainH?30 DuoPast?15 Both?15 / BuildPlan MeetFriend?15
  BuildList?60 SoloPast?9 DuoPast?11 Both?11 / BuildStep DuoPast?45 TalkF?15 DuoPast?26 Both?26
  SoloPast?9 DuoPast?11 Both?11 / BuildStorm Bad?35 / BuildHelp BuildAgain / BuildDone Good?35
  Moral?45 DuoPast?26 Both?26 End?50
disobey: Open Legend?40 SoloPast?30 PlainH?30 DuoPast?15 Both?15 / WarnSay WarnScene?60 SoloPast?9
  DuoPast?11 Both?11 / WarnTempt WarnDo WarnHappen Bad?35 SoloPast?9 DuoPast?11 Both?11 /
  Detour?10 WarnHelp WarnSorry / Good?30 Moral?45 DuoPast?26 Both?26 End?50
contest: Open Legend?40 SoloPast?30 PlainH?30 DuoPast?15 Both?15 / ContestNews ContestWant?50
  SoloPast?9 DuoPast?11 Both?11 / SkillPractice0 ContestBoast?70 SoloPast?9 DuoPast?11 Both?11 /
  ContestStart ContestHappen ContestStop / ContestEnd Good?40 / Moral?45 DuoPast?26 Both?26 End?50
visitor: Open Legend?40 SoloPast?30 PlainH?30 DuoPast?15 Both?15 / VisitorCome VisitorLook?70
  SoloPast?9 DuoPast?11 Both?11 / VisitorTalk VisitorTalk?40 SoloPast?9 DuoPast?11 Both?11 /
  VisitorNeed Think?20 VisitorTry Detour?15 / VisitorSolve VisitorGift Good?40 / Moral?45
  DuoPast?26 Both?26 End?50
"""

RULES = """
SkillWant:
- {h} wanted to learn to {skill1}[| more than anything| like a {job}]. [But it was hard.|Everyone
  else could do it.]
- All {his} friends could {skill1}. Only {h} could not[|, and that made {him} {bad_feeling}].
- {when}, {h} saw a {job} [at the {event}|{place.at}] who could {skill1}. <h|I want to do that
  too!>
- {f} knew how to {skill1}. {h} [watched|was {bad_feeling}|wanted to learn it too]. <h|Is it
  hard?> <f|[A little|Not at all|Very].>
SkillWhy:
- There was going to be a {event} on {weekday}, and {h} wanted to {skill1} [there|in front of
  everyone|with {f}].
- <h|If I can {skill1}, I will be [a real {job}|as {person} as {f.v}|{good_feeling} for ever].>
- {H} dreamed of it at night, and in {his} dreams it was [easy|as easy as {work.g}].
SkillFail:
- {h} tried it {wh.at}. {noisework}! {H} {fall.d} [into the {stuff}|over a {naturething}|on {his}
  {bodypart}].
- {H} tried and tried, [once|twice|three times|{number} times]. [It did not work.|It went wrong
  every time.|No luck.]
- The {ordinal} try was [bad|worse|not good|no better|not so good]. <h|[Ouch|{interj}]! I will
  never learn to {skill1}!>
- {H} [tried to do it|did it] with {his} eyes shut, then with {color} {pairs} on, then [standing
  on a {furniture}|very slowly]. Nothing helped.
- At first {he} was too [fast|slow|stiff|{bad_feeling}]. Then {he} was too [fast|slow|
  {bad_feeling}]. {noisework}!
OtherLaugh:
- {o} laughed. <o|Even a {animal} {wildanimal} can {skill1} better than you!>
- <o|Give up! You will never {skill1}!> {h} [turned [red|pale|pink]|looked at {his} {bodypart.s}|
  wanted to hide {hiding.at}].
SkillAdvice:
- <k|When I was [{smallnumber}|little|as old as you], I could not {skill1} either. I tried
  {bignumber} times.>
- <k|You go too fast. [Start|Begin] slowly, and [look ahead|count to {number}|breathe]. I will
  show you.>
- <k|{wisdom} [Try a little every day|I will help you|Come, once more].>
- {K} showed {him} how a {job} does it: [slowly|{manner.ly}], {manner.ly} and with [a smile|both
  hands|a straight back].
SkillPractice:
- So {h} practiced[| {frequency}]: [before breakfast|in the {weatherstuff}|{place.at}], [after
  school|in the evening|{room.at}], even in {his} dreams.
- On {weekday} it went a little better. On {weekday} it went [well|worse again|better still]. {h}
  did not give up.
- {H} practiced for {number} [days|weeks|hours]. {His} {bodypart.s} hurt, but {he} [went on|
  smiled|tried again].
- {f} came to help. <f|[Almost|Good|Better]! [Again|Once more|Not so {manner.ly}]!>
SkillPractice0:
- So they practiced {frequency}. {h} [ran|jumped|trained] {place.at}, [rain or shine|with a
  {container} on {his} {headpart}|and {f} counted].
- {h} [ate {food}|went to bed early|practiced {place.at}] and asked {k} for advice. <k|{wisdom}>
- All {season} long, {h} practiced[| with {f}|, {manner.ly} and {manner.ly}]. {His} {bodypart.s}
  grew strong.
SkillDo:
- And then, [on {weekday}|{when}|one {daypart}], it worked! {h} could {skill1}! <h|Look! [Look at
  me|I can do it|I did it]!>
- [At last|Finally], {h} took a deep breath and tried once more. It worked[|, and everyone
  {place.at} clapped]!
- At the {event}, {h} stood up {manner.ly}. Everyone watched. And {he} did it[| without one
  mistake| the {ordinal} time]!
CookPlan:
- {when}, {h} wanted to make {food1} for {k}. [It was {k.his} birthday.|It was going to be a
  surprise.|{K} was ill.]
- {k} asked {h} to help in the kitchen. <k|Today we make {food1}[| and {foodthing.s}|, the best
  {place.at}].> <h|Hooray! I can do it!>
- There was going to be a {event}, and {h} had promised to bring {food1}. {H} had never made
  {food1} before.
- {h} and {f} were hungry. <f|Let us [make|cook] {food1}!> <h|I know how! My {family} does it
  {frequency}.>
CookList:
- They needed {number} {foodthing.s}, [some|a cup of|a bowl of] {food}, a {container} of
  {stuff_food} and [a {size}|one] {foodthing}.
- {H} got out a {container}, a {cooktool} and a {cooktool}. {H} washed {his} hands[| and put on a
  {color} apron].
- On the {furniture} were {foodthing.s}, {foodthing.s}, {food} and a {cooktool}. It looked like a
  {building} in a storm.
- The recipe said: {number} spoons of {stuff_food}, {number} {foodthing.s} and a little {food}[|.
  It sounded easy].
stuff_food:
-
  [sugar|flour|salt|butter|milk|honey|oil|oats|cream|yeast|cinnamon|water|jam|vanilla|raisins|nuts]
cooktool:
- [spoon|bowl|pan|pot|whisk|knife|cup|ladle|sieve|grater|spatula|rolling pin|kettle|tray|jug|fork]
CookStep:
- First {h} {cookverb.d} the {foodthing.s}. Then {he} {cookverb.d} the {food} and {cookverb.d} it
  all {manner.ly}.
- {h} {cookverb.d}, {cookverb.d} and {cookverb.d}. There was {stuff_food} on the {furniture}, on
  the {furniture} and on {his} {headpart}.
- <h|{cookverb_cap} the {foodthing.s}, then {cookverb} the {food}.> {H} read it [twice|aloud|
  {manner.ly}] and began.
cookverb_cap:
- {cookverb}
CookMistake:
- But {h} did not look at the label. {H} took the salt, not the sugar! In went {number} spoons.
- {Then} the {petanimal} jumped on the {furniture}. {noisework}! The {stuff_food} {fall.d} into
  the {container}.
- But {h} [went outside to {pastime}|forgot the time|listened to the {bird.s}]. Soon there was
  smoke! The {food1} was [black|burnt].
- {H} used {number} cups of {stuff_food} instead of one. The {food1} grew and grew. It came out of
  the {container}!
CookTaste:
- {H} [tasted|tried] it {manner.ly}. <h|{yuck}! It tastes like {stuff}!> 
- {k} took a bite and [{react.d}|turned {color}|said nothing for a while]. <k|It is [different|
  very {taste}|a bit {taste}].>
- The {petanimal} sniffed at it and ran [away|{hiding_run}]. <h|Even the {petanimal} does not like
  it!>
yuck:
- [Yuck|Ugh|Oh no|Bleh|Ew|Oh dear|Help|Phew]
hiding_run:
- [out of the room|to the garden|under the {furniture}|behind the {furniture}]
CookLaugh:
- They looked at each other and began to laugh. <k|[Once I put|When I was {smallnumber}, I put]
  {stuff} in the {food}!>
- {k} {react_happy}. <k|Every cook makes mistakes. [Let us try again|We have more {foodthing.s}|
  Never mind].>
- <h|I am sorry. I [did not read|was too quick|wanted to surprise you].> <k|{wisdom}>
CookAgain:
- This time they read every word. {h} {cookverb.d} {manner.ly}, and {k} held the {container}.
- So they began again: {cookverb}, {cookverb}, {cookverb}! And {h} did not leave the {furniture}
  for [one minute|{a_time}].
- <k|Now smell it. Then taste a little [bit|of it]. Then {cookverb}.> {h} did just that[| and
  learned a lot].
CookEat:
- Soon the {food1} was ready. It was {taste} and {taste}. Everyone had {number} helpings.
- They ate it [{place.at}|with {drink}|by the {furniture}] with {foodthing.s}. <k|This is the
  {taste.t} {food1} [ever|in {townname}|I ever ate]!>
- They [set the {furniture}|called {f}|put it on a {color} plate] and ate it all up[|, to the last
  crumb|, and {f} asked for more].
BuildPlan:
- {when}, {h} had a [big|{quality}|wonderful] idea. <h|I will build a {built1}!>
- {h} wanted to build a {built1} {wh.at}. [It should be the {size.t} one ever.|It should be made
  of {material}.]
- <f|[Let us|We could] build a {built1}!> <h|[Yes|Great]! {wh_cap}!>
wh_cap:
- {wh.at}
BuildList:
- They needed {material}, {many}, a {tool} and {number} {tool.s}. It took [all {daypart}|{a_time}|
  {number} trips] to find it all.
- {h} drew a plan [on a {keepsake}|in the {stuff}|with a {color} pencil]. There was a {part} here
  and a {part} there.
- {H} [got|borrowed|found] a {tool}, a {tool}, some {material} and a {look_thing} {furniture}.
BuildStep:
- They {buildverb.d} and {buildverb.d}. {noisework}, {noisework} went the {tool}. [The {built1}
  grew.|It was hard work.]
- First they {buildverb.d} the {part}, then the {part}. {f} {buildverb.d} the {part_s}, and {h}
  {buildverb.d} the rest.
- {h} {buildverb.d} [{number}|{bignumber}] {many} {manner.ly}, one after the other. By
  {daypart_by}, it had a {part} and {number} {part_s}.
- <f|[Where is|Do you have|Who has] the {tool}?> <h|[Here|Wait]! The {part} is {state}.> So they
  {buildverb.d} it again.
part_s:
- [walls|windows|wheels|doors|corners|wings|sides|legs|seats|handles|strings|pegs]
daypart_by:
- [noon|evening|dark|lunch|sunset|{weekday}]
BuildStorm:
- But that night, {weatherstuff} came. {noisework}! In the morning, the {built1} [was gone|had
  {fall.n}|was {state} and {state}].
- {Then} the wind {blow.d}. The {part} {fall.d}, the {part} {fall.d}, and {noisework}, the
  {built1} was [flat|gone|ruined].
- But {h} had not {buildverb_pp} the {part} well. {noisework}! Everything came down.
- {Then} {o} came {go.g} along, [tripped over the {tool}|did not look] and {fall.d} right into the
  {built1}. {noisework}!
buildverb_pp:
- [fixed|tied|nailed|fastened|checked|joined|measured]
BuildHelp:
- {k} came to see. <k|{wisdom} [Use|Try] {material} instead of {material}. It is stronger.>
- <f|We can build it again, and better.> <h|[But how|Do you think so]?> <f|With [more {material}|a
  stronger {part}|help].>
- {o} was sorry and wanted to help. <o|I can bring {material} and my {tool}.> 
- <k|Why did it fall?> <h|The {part} was too {weakness}.> <k|Then make it [{strength}|stronger],
  {dear}.>
weakness:
- [weak|thin|heavy|small|long|soft|high]
strength:
- [thicker|wider|lower|lighter|twice as strong|shorter]
BuildAgain:
- So they started again. They {buildverb.d} {manner.ly}, and nobody hurried. {o} brought {many}.
- This time they put {naturething_s} under it and {buildverb.d} every {part} twice.
- They worked together, [in the {weatherstuff}|{manner.ly}|until {number} o'clock]: {h}
  {buildverb.d}, {f} {buildverb.d}, and {k} {work.d} and {cookverb.d} {food}.
naturething_s:
- [stones|bricks|logs|planks|rocks|sandbags|boulders]
BuildDone:
- Now the {built1} stood. It was {size}, {color} and {look_thing}[|, with a {hy_count}
  {furniture_hy} on top].
- The new {built1} was [stronger|better|{size.r}] than the old one. <h|[Look at it|Nothing can
  break it|We did it]!>
- When the {weatherstuff} came again, the {built1} [stood still|did not move|only shook a little].
  Inside, {h} and {f} had {drink}.
"""

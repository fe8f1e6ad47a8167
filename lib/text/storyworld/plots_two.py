"""Plots, second part: learning, cooking, building, disobeying, competing, visitors."""

from __future__ import annotations

PLOTS = """
skill: Open PlainH?60 Doing?25 PlainH?30 / SkillWant SkillWhy?60 Chat?15 / SkillFail Bad?50
  SkillFail?30 OtherLaugh?30 / Greet?50 SkillAdvice / SkillPractice PlainH?60 Doing?25 PlainH?30 /
  SkillDo Good?60 Moral Both?40 End?60
cook: Open PlainH?60 Doing?25 PlainH?30 / CookPlan CookList / CookStep CookMistake Bad?40 /
  CookTaste CookLaugh / CookAgain Family?20 Good?50 / CookEat Moral Both?40 End?60
build: Open PlainH?60 Doing?25 PlainH?30 Scene?20 / BuildPlan MeetFriend?30 BuildList / BuildStep
  Both Together?25 Both?30 / BuildStorm Bad?50 / BuildHelp BuildAgain / BuildDone Good?50 Moral
  Both?40 End?60
disobey: Open PlainH?60 Doing?25 PlainH?30 / WarnSay WarnScene / WarnTempt WarnDo WarnHappen
  Bad?50 / Detour?10 WarnHelp WarnSorry / Good?30 Moral Both?40 End?60
contest: Open PlainH?60 Doing?25 PlainH?30 / ContestNews ContestWant / SkillPractice0
  ContestBoast?70 / ContestStart ContestHappen ContestStop / ContestEnd Good?40 / Moral Both?40
  End?60
visitor: Open PlainH?60 Doing?25 PlainH?30 / VisitorCome VisitorLook / VisitorTalk VisitorTalk?40
  / VisitorNeed Think?20 VisitorTry Detour?15 / VisitorSolve VisitorGift Good?40 / Moral?50
  Both?40 End?60
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
- The {ordinal} try was [bad|worse|not {quality}]. <h|[Ouch|{interj}]! I will never learn to
  {skill1}!>
- {H} [tried to do it|did it] with {his} eyes shut, then with {color} {pairs} on, then [standing
  on a {furniture}|very slowly]. Nothing helped.
- At first {he} was too [fast|slow|stiff|{bad_feeling}]. Then {he} was too
  [fast|slow|{bad_feeling}]. {noisework}!
OtherLaugh:
- {o} laughed. <o|Even a {animal} {wildanimal} can {skill1} better than you!>
- <o|Give up! You will never {skill1}!> {h} [turned [red|pale|pink]|looked at {his}
  {bodypart.s}|wanted to hide {hiding.at}].
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
- {H} practiced for {number} [days|weeks|hours]. {His} {bodypart.s} hurt, but {he} [went
  on|smiled|tried again].
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
- <h|{cookverb_cap} the {foodthing.s}, then {cookverb} the {food}.> {H} read it
  [twice|aloud|{manner.ly}] and began.
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
- {k} took a bite and [{react.d}|turned {color}|said nothing for a while]. <k|It is
  [different|very {taste}|a bit {taste}].>
- The {petanimal} sniffed at it and ran [away|{hiding_run}]. <h|Even the {petanimal} does not like
  it!>
yuck:
- [Yuck|Ugh|Oh no|Bleh|Ew|Oh dear|Help|Phew]
hiding_run:
- [out of the room|to the garden|under the {furniture}|behind the {furniture}]
CookLaugh:
- They looked at each other and began to laugh. <k|[Once I put|When I was {smallnumber}, I put]
  {stuff} in the {food}!>
- {k} {react_happy}. <k|Every cook makes mistakes. [Let us try again|We have more
  {foodthing.s}|Never mind].>
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
- They needed {material}, {many}, a {tool} and {number} {tool.s}. It took [all
  {daypart}|{a_time}|{number} trips] to find it all.
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
WarnSay:
- <k|[Never|Do not] {forbid1}, {h.v}. It is [dangerous|not safe|not allowed].> <h|Yes, {k.v}[|, I
  promise].>
- {k} had told {him} [again and again|{bignumber} times|many times] not to {forbid1}.
- Before {k} went {place.to}, {k.he} said: "Be good, and do not {forbid1}." {h} nodded.
- There was one rule at home: do not {forbid1}. {h} did not know why.
WarnScene:
- But {h} was [a {person} {h.kind}|curious|bored]. {H} thought about it all {daypart}.
- For {number} days {h} was good. {H} {playact.d} and {work.d}, and [that was all|nothing
  happened].
- {f} came to play. <f|What shall we do? I am bored[| with {game}].>
- {H} tried to {pastime}, but {he} [could not stop thinking about it|was bored after {a_time}].
WarnTempt:
- <f|Let us {forbid1}!> <h|I am not allowed to.> <f|Nobody will see us[| here| if we are quick].>
- "[Just once|Only for a minute|Nobody will know]," thought {h}. "What could go wrong?"
- A little voice in {his} head said no. But {h} did not listen.
WarnDo:
- So when [nobody was looking|it was quiet|{k} was {work.g}], {h} {go.d} there {manner.ly} to
  {forbid1}.
- {H} looked left, {he} looked right, and {manner.ly} {he} began to {forbid1}.
- {H} waited until it was quiet. Then {he} {go.d} off to {forbid1}, all alone.
WarnHappen:
- {noisework}! {H} {fall.d}, and {his} {bodypart} hurt[| a lot]. {His} {cloth} was {state}[| and
  {state}].
- At first it was [fun|{quality}]. Then there was a {soundadj} {sound}, and {h} was stuck! {H}
  could not [get out|move|see a thing].
- {Then} everything went wrong. The {furniture} {fall.d}, {stuff} went everywhere, and {h}
  {fall.d} on {his} {bodypart}.
- {H} slipped. Down {he} went, [into a {naturething_hole}|through the {stuff}|over and over], and
  there {he} sat. <h|Help! [Help|Is anybody there]!>
naturething_hole:
- [hole|ditch|puddle|bush|pond|thorn bush|pile of {stuff}|stream]
WarnHelp:
- {k} [pulled {him} out|picked {him} up|put {stuff_cure} on {his} {bodypart}] and took {him}
  [home|to bed|inside].
- {k} did not shout. {K} [washed|wrapped up|looked at] {his} {bodypart}, made {him} some {drink}
  and waited.
- It took {k} and a {job} with a {tool} {a_time} to [get {him} out|clean it all up|help {him}].
stuff_cure:
- [ice|cream|a bandage|a wet cloth|honey|a plaster|a leaf]
WarnSorry:
- <h|I am sorry. I should have listened.> <k|I know that you are curious. But I tell you such
  things [because I love you|to keep you safe].>
- <h|You told me not to {forbid1}, and I did. I am so sorry.> <k|Now you know why. [Are you all
  right|Come here], {dear}?>
- {h} told the truth and said sorry. {k} {react_d2}. <k|Next time, ask me [first|and we will go
  together].>
react_d2:
- [nodded|sighed|smiled|was not angry|hugged {him}]
ContestNews:
- There was going to be a {contest1} {wh.at} on {weekday}. The prize was a {thinglook} {thing}.
- {when}, a {job} put up a sign {wh.at}: "Great {contest1}! [Everyone may come|First prize: a
  {thing}]!"
- Every {season} there was a {contest1} in {townname}. {Everyone_c} wanted to win the {thinglook}
  {thing}.
Everyone_c:
- [all the {job.s}|everyone|the whole village|every {h.kind} {place.at}]
ContestWant:
- <h|I want to win[| it]!> <f|[So do I|Then you must practice|You are too {person}]!>
- {h} wanted to win more than anything. {H} told {f}, {k} and even the {petanimal}.
- {h} wrote {his} name on the list, under {number} others. {f} wrote {f.his} name too.
ContestBoast:
- {o} [laughed|came too]. <o|I am the best at this. [I win every {season}|Nobody is as {person} as
  I am|You do not have a chance]!>
- <o|[I do not need to practice|I always win]!> {o} [ate {foodthing.s}|slept under a
  {tree}|{playact.d}] all day.
ContestStart:
- On the day of the {contest1}, {bignumber} [people|visitors|{wildanimal.s}|children] came. A
  {job} [rang a bell|blew a {whistle_}|waved a flag]. <o|Out of my way!>
- The day came. {h} felt {bad_feeling}, but {f} [held {his} hand|whispered, "{wisdom}"].
  {noisework}! They were off!
- <f|Good luck, {h.v}!> <h|Good luck, {f.v}!> The {job} counted: three, two, one, go!
whistle_:
- [whistle|horn|trumpet|bugle]
ContestHappen:
- {h} did well. {H} was {ordinal}, then {ordinal}. {o} was far ahead and {react.d}.
- Halfway, {h} was almost first. Then there was a {sound}. {o} had {fall.n} [into the {stuff}|over
  a {naturething}|and hurt a {bodypart}]!
- {h} was [in the lead|winning]! But [behind {him}|near the {naturething}] someone cried. It was
  {o}, with a hurt {bodypart}.
ContestStop:
- {h} could [win now|go on]. But {he} stopped. <h|Are you hurt? [Take my hand|I will help you|Lean
  on me], {o.v}.> <o|[Why do you help me|But you will lose]!>
- {H} thought of the {thing}. Then {he} {go.d} back and helped {o} up. <o|Thank you. I was
  {person_bad} to you.>
- <h|I cannot leave you here.> {H} [tied {his} {cloth} around {o.his} {bodypart}|gave {o} {his}
  hand], and they went on together.
ContestEnd:
- {f} won. But the {job} gave {h} a {look_thing} {keepsake} too, for {virtue}. Everyone cheered[|
  loudly].
- They came in last, [arm in arm|side by side], and the crowd clapped [louder than ever|for
  {a_time}]. <f|You are the real winner, {h.v}!>
- {h} did not win the {thing}. But {he} had won a new friend[|, and that was better].
- The {job} smiled. "The prize for {virtue} goes to {h}!" {H} got the {thing} and shared it with
  {f} and {o}.
VisitorCome:
- {when}, there was a {sound} at the door. Outside stood a {creature}! {h} had only [read|heard]
  about them[| in books].
- {when}, {h} found [an egg|a box|a footprint|a tiny door] {wh.at}. {noisework}! Out came a
  {creature}.
- {when}, {h} was {work.g} {wh.at}. {Then} a {size} {creature} [stepped|came|looked] out [of the
  {naturething}|from behind a {tree}].
- {h} saw a {color} light [over|behind] the {building}. A {look_thing} {vehicle} came down, and a
  {creature} got out.
VisitorLook:
- It had {number} {pawpart.s}, {color} {furfeather} and a {adj_body} {pawpart}. It wore a {color}
  {cloth}. {h} {react.d}.
- The visitor was as {size} as a {anything}, with {adj_body} {pawpart.s} and {texture}
  {furfeather}.
- {H} had never seen anything like it: {color} {furfeather}, {number} {pawpart.s} and eyes like
  {many}.
furfeather:
- [fur|feathers|skin|hair|scales|wool|spots|stripes]
VisitorTalk:
- <h|{Hello}! Who are you? [Where do you come from|Are you {bad_feeling}|Do you bite]?> "I come
  from {inventedplace}," said the visitor.
- "[Is this|Am I in] {inventedplace}?" asked the [little one|stranger|visitor]. <h|No, this is
  {townname}. [Are you lost|That is far away]!>
- "In {inventedplace} we eat {food} with {stuff}," said the visitor, and [it ate|bit into] the
  {cloth_eat}. <h|That is not food!>
- <h|Can you {playact}?> "No, but I can {playact} and {playact}," said the stranger[| {manner.ly}|
  with a {sound}].
- The stranger knew {number} words. They were "{animalnoise}", "{noisework}" and
  "{inventedplace}".
cloth_eat:
- [doormat|newspaper|{cloth}|soap|{toy}|candle|pillow|{furniture}]
VisitorNeed:
- The visitor {react.d}. "My {vehicle} is {state}, and I cannot go home without a {thing}."
- "I have lost my way," it said {manner.ly}. "I need a {thinglook} {thing} to find {inventedplace}
  again."
- It was {bad_feeling} and cold, and it wanted to go home. But the {part} of its {vehicle} was
  {broken_state}.
VisitorTry:
- They looked for a {thing} {place.at}. They found a {anything}, a {anything} and a {look_thing}
  {anything}, but no {thing}.
- {h} hid the visitor {hiding.at} when a {job} came by. "What is that {soundadj} {sound}?" [asked
  the {job}|the {job} asked]. <h|Only my {petanimal}!>
- They tried to {care} it with {stuff} and a {tool}. The {part} made a {soundadj} {sound}, and
  then nothing.
- They asked {f} for help. <f|{interj}! Is that real?> <h|Shh! It is a secret.>
VisitorSolve:
- {Then} {h} remembered the {thing} {room.at}. It was {his} own, and {he} loved it. But {he} gave
  it away. <h|You need it more than I do.>
- {k} was not surprised at all. <k|I met one when I was {smallnumber}. [Here|Take this {thing}].>
  With it, everything worked.
- {h} and {f} {buildverb.d} all night, and in the morning {noisework}! It worked.
VisitorGift:
- The visitor [gave {him}|left] a {look_thing} {keepsake} made of {material}. Then it was gone,
  [like a {sim_noun}|up into the sky|back to {inventedplace}].
- "Thank you," said the stranger. "If you blow on this {keepsake}, I will come." And off it went,
  {noisework}!
- Before it went, it taught {h} to {skill}. It [waved|{react.d}] with all its {pawpart.s}.
"""

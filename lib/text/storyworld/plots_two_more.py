"""Rules of the plots of the second part, continued: disobeying, contests, visitors."""

from __future__ import annotations

RULES = """
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
  right, {dear}?|Come here, {dear}.]>
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
- <o|[I do not need to practice|I always win]!> {o} [ate {foodthing.s}|slept under a {tree}|
  {playact.d}] all day.
ContestStart:
- On the day of the {contest1}, {bignumber} [people|visitors|{wildanimal.s}|children] came. A
  {job} [rang a bell|blew a {whistle_}|waved a flag]. <o|Out of my way!>
- The day came. {h} felt {bad_feeling}, but {f} [held {his} hand.|whispered, "^{wisdom}"]
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
- The stranger knew three words: "^{animalnoise}", "^{noisework}" and "{inventedplace}".
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

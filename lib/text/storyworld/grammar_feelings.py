"""Rules that every plot shares: feelings, thoughts, morals, endings."""

from __future__ import annotations

FEELINGS = """
Bad:
- 2* {H} [felt|was] [very |so |a little |]{bad_feeling}[| and {bad_feeling}|, and {he} wanted to
  cry].
- {H} was so {bad_feeling} that {he} [began|started] to [cry|shake|sob|weep|sniffle|pout|shiver].
- {H} [sat down|lay down] [on a {naturething}|on the {furniture}|by a {tree}] and {weep.d}.
- Tears [ran|rolled] down {his} [cheeks|face|nose][| and fell on {his} {cloth}].
- {H} did not know what to do. {H} felt {bad_feeling}[| and {bad_feeling}| and small].
- {His} {bodypart_s} [shook|trembled|felt cold|felt weak], and {he} {weep.d}.
- {H} {weep.d} and {weep.d}[|, but it did not help|, but nobody heard|].
- "Oh no," [thought {h}|{h} thought]. "This is [bad|terrible|not {quality}|a {size} problem]."
- {H} looked at the [ground|floor|sky|{furniture}] and said nothing[| for a long time].
- A {bad_feeling} feeling [grew|sat] in {his} tummy[|, as heavy as a {naturething}].
- {H} had never been so {bad_feeling} in {his} life.
- {H} felt like a {adj_sim} {sim_noun}[| in the {weatherstuff}].
- {H} tried [|very hard ]not to cry, but {his} [lip shook|eyes were wet|voice was {bad_feeling}].
bodypart_s:
- [hands|knees|legs|lips|fingers|shoulders|arms|toes]
adj_sim:
- [lost|wet|broken|forgotten|tiny|empty|squashed|{state}|lonely]
sim_noun:
- [{toy}|{wildanimal}|{petanimal}|{naturething}|{foodthing}|{cloth}]
Good:
- 2* {H} [felt|was] [very |so |]{good_feeling}[| and {good_feeling}|, and {he} {react_happy}].
- {H} was so {good_feeling} that {he} [{playact.d}|jumped up and down|{react_happy}|sang a song].
- {H} {react_happy} [and {playact.d}|like a {wildanimal}|from ear to ear|and clapped {his} hands].
- A {size} smile [came|spread] over {his} face[|, and {his} eyes {shine.d}].
- {H} had not [been|felt] so {good_feeling} [for a long time|since {dayname}|all {season}|in
  weeks].
- {His} [heart|whole face] {shine.d} with {feelingnoun}[| and {feelingnoun}].
- It was the [best|{quality.t}] [day|{daypart}|feeling] [ever|of the {season}|{he} could think
  of].
- {H} felt as {good_feeling} as a {sim_happy}.
- <h|{interj}! This is [so much fun|such fun|{quality_good}|so {quality_good}|very
  {quality_good}]!>
quality_good:
-
  [fun|good|great|nice|wonderful|exciting|amazing|brilliant|splendid|marvelous|fantastic|perfect|lovely]
react_happy:
- [smiled|laughed|giggled|grinned|beamed|clapped|cheered|jumped|danced|twirled|chuckled|whooped]
sim_happy:
- [king|queen|{bird} in {season}|{petanimal} with a {foodthing}|{job} on {dayname}|bee in a
  {flower}]
Think:
- {h} thought [and thought|for a while|hard|about it]. [What would a {job} do?|What could {he}
  do?|{Then} {he} had an idea.]
- {h} [scratched|rubbed] {his} {headpart} and thought about it[| for a long time| until {he} was
  {bad_feeling}].
- "[Maybe|Perhaps] I should [ask for help|try again|wait|{pastime} first|look {place.at}],"
  thought {h}.
- {h} remembered [what {his} {family} always said|a story about a {person} {job}]: "{wisdom}"
- {h} counted to {number}[| in {his} head| on {his} fingers] and [took a deep breath|tried to be
  {good_feeling}].
- In {his} head, {h} could [hear|see] {his} {family} [smiling|{work.g}|singing|calling {his} name|
  shaking a finger].
Then:
- [then|then|suddenly|all at once|after a while|just then]
headpart:
- [head|chin|nose|ear|forehead|neck]
wisdom:
- [Slow and steady, my dear.|Look before you leap!|Try, try again!|Never say never!|First think,
  then act.]
- [A {person} heart is never lost.|Even {a_job} makes mistakes.|Every {container} has a bottom.]
- [Nobody is good at everything.|A {job} who asks is twice as {person}.|Be {person}, and be
  {person}.]
- [The {person} {wildanimal} finds the {foodthing}.|One {foodthing} at a time!|After
  {weatherstuff} comes the sun.]
a_job:
- a {job}
"""

ENDINGS = """
Moral:
- 3* {h} [learned|had learned] that [it is|it was] [important|good|best|better|{quality}] to
  {lesson}.
- 2* The moral of the story is[: ^| that ]{moral}.
- And so {h} learned [a lesson about|something about|the value of|what it means to have]
  {lesson_virtue}.
- From that day on, {h} [always tried|remembered|tried] to {lesson}[| and to {lesson}].
- [So remember|Remember, children]: {moral}!
- {h} never forgot [that day|what {k} had said|this lesson]. {H} knew now that {moral}.
- It was a {quality} lesson: {moral}.
- After that, {h} was [always|much] more {person}[| and never {person_bad} again| than before].
- [You see|That is why], {moral}.
-
-
person_bad:
- [greedy|lazy|selfish|rude|careless|bossy|mean|boastful|unkind|jealous|impatient]
moralact:
- [share with others|tell the truth|be kind|ask for help|try again|say sorry|listen|be patient|be
  careful]
- [help others|never give up|take turns|think first|work together|take care of things]
- [be {person}|be {person} and {person}|be a good friend|keep a promise|thank those who help|be
  brave]
- [give things back|wait for the right time|have hope|try new things|slow down|forgive others]
- [be kind to {wildanimal.s}|look twice|say thank you|share {many}|finish what was begun]
moral:
- 2* it is [good|important|best|better] to {lesson}
- [we should|you should|it is wise to|everyone should|one should] [always |]{lesson}
- {lesson_virtue} is better than {material}
- {lesson_virtue} [goes a long way|makes life better|always wins|is worth more than {many}]
- a little {lesson_virtue} goes a long way
- nothing is as {quality_good} as {lesson_virtue}
- those who {lesson} are never alone
- it is never too late to {lesson}
End:
- 3* [The end.||]
- 2* [They|{h} and {f}|All of them] [lived|were] happy [ever after|together].
- From [then on|that day on], [they were best friends|{h} and {f} played together {frequency}].
- That night, {h} [slept well|dreamed of {many}|went to bed {good_feeling}|hugged {his} {owncolor}
  {own} and fell asleep].
- {h} went home[| with a {size} smile], and [{his} {family} was very proud|there was {food} for
  dinner].
- {h} and {f} [ate|shared] {snack_or_food} and {playact.d} until [dark|it was time to go home|the
  moon came out].
- {when_end}, {h} told {his} {family} [all about it|everything|the whole story][| over {food} and
  {drink}].
- And if you go [{place.to}|to {village}], you may [still |]see {h} there[|, {playact.g} and
  {playact.g}].
- They all had {food} and {taste} {foodthing.s}[|, and nobody was {bad_feeling} any more].
- {h} {react_happy} all the way home.
- <h|{bye}, {f.v}!> <f|{bye}, {h.v}!>
- And {h}? {H} was the {good_feeling.t} {h.kind} [in the world|{place.at}|of all].
- What a {quality} {daypart_end} it had been[!|, thought {h}.]
- [Everyone|The whole {village_end}] [cheered|clapped|was {good_feeling}] [for {h}|and had
  {food}].
when_end:
- [at dinner|that evening|at bedtime|later|at breakfast the next day|on the way home|when {he} got
  home]
daypart_end:
- [day|morning|afternoon|{weekday}|adventure]
village_end:
- [town|village|school|family|street|forest|neighborhood]
"""

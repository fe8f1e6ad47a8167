"""Rules that every plot shares: openings, scenes, feelings, morals, endings."""

from __future__ import annotations

OPENINGS = """
Open:
- 24* Once upon a time, [there was|there was|there lived|in {village}, there was|there was] {desc} named {h}.
  {Who}
- 2* Once upon a time, {inplace}, there [was|lived] {desc} named {h}. {Who}
- 2* {when}, {desc} named {h} [went|went|{go.d}] {outing}. {Who}
- 2* {h} was {desc}[| who lived {inplace}| who lived in {village}|{whoclause}]. {Who}
- There once was {desc} [named|called] {h}. {Who}
- Long ago, {inplace}, there lived {desc} named {h}. {Who}
- In {village} there lived {desc}. {His} name was {h}. {Who}
- {h} [loved|liked|wanted] to {pastime} [more than anything|all day long|with {his} friends].
  {Who}
- Far away, {inplace}, [lived|there lived] {desc} whose name was {h}. {Who}
- {when}, {h} woke up [early|late|with a {react}|to the {sound} of {bird.s}]. {H} was
  {desc}[|{whoclause}].
- Not so long ago, [in {village}|{inplace}], there was {desc} named {h}. {Who}
- One {season}, {desc} named {h} came to live {inplace}. {Who}
- [This is the story of|Have you heard about|Everyone {inplace} knew] {h}, {desc}{whoclause}.
  {Who}
- {h} and {his} family lived in {house}. {H} was {desc}. {Who}
- It was a {weather} {daypart}. {desc} named {h} was [{work.g}|{playact.g}] {place.at}. {Who}
- {h}, {desc}, [had just turned {smallnumber}|was {smallnumber} years old]. {Who}
desc_child:
- 14* a little {h.kind}
- 3* a {person} [little |young |]{h.kind}
- a {person} and {person} {h.kind}
- a {looks} {h.kind}
- [a {hy_digit}|a {person} {hy_digit}] {h.kind}
- a {hy_adjective_person} {h.kind}
desc_animal:
- 6* a little {h.kind}
- 3* a {person} {h.kind}
- a {animal} {h.kind}
- a {person} and {person} {h.kind}
- a {animal} little {h.kind}
- a {hy_adjective_animal} {h.kind}
hy_adjective_person:
- [red-haired|kind-hearted|blue-eyed|soft-hearted|bright-eyed|good-natured|curly-haired]
- [freckle-faced|quick-witted|warm-hearted|rosy-cheeked|sharp-eyed|left-handed|fun-loving]
- [well-behaved|well-mannered|good-hearted|light-footed|high-spirited|absent-minded|well-liked]
hy_adjective_animal:
-
  [long-tailed|three-legged|one-eyed|sharp-nosed|bushy-tailed|kind-hearted|short-tailed|long-eared]
- [web-footed|soft-furred|good-natured|quick-footed|four-legged|silver-gray|brown-eyed|well-fed]
whoclause:
- [| who loved to {pastime}| who liked {toy.s}| who was never {bad_feeling} for long]
- [| with a {color} {cloth}| with {color} {pairs}| with {size} {pawpart_or_eyes}]
- [| who wanted to be a {job}| who asked a lot of questions| who knew everyone {place.at}]
pawpart_or_eyes:
- [eyes|ears|feet|dreams|hands]
Who_child:
- 2* {H} [loved|liked] to {pastime}[| and {pastime}| with {his} friends| {frequency}].
- {H} lived [in|with {his} family in] {house}[| {place.at}| near {the_place}].
- {H} [loved|liked] {his} [toys|family|{toy.s}|{own}] very much.
- {H} had a [|{look_thing} ]{toy}, a {petanimal} and a [very |]{person} {family}.
- [Everyone|All the children {place.at}] said that {he} was the {person.t} {h.kind} {place.at}.
- {His} {family} was a {job}[| and {his} {family2} was a {job}].
- {H} was [always|often|never] {good_feeling}[, even when it was {weather}|, and {he} liked to
  {pastime}|].
- {H} [had|always wore] {color} {pairs}[| and a {color} {cloth}].
- {H} wanted to be a {job} when {he} grew up.
- {H} had [two|three|four|five] {petanimal.s}[|, and all of them were {animal}].
- {H} could not sit still[| for a minute| for {hy_time_plain}].
-
Who_animal:
- 2* {H} [loved|liked] to {playact} {place.at}[| with {his} friends| {frequency}].
- {H} lived [in a {size} {den}|with {his} family in a {look_thing} {den}] {inplace}.
- {H} had [|very ]{adj_body} {pawpart.s}[| and a {adj_body} {pawpart}].
- {H} [loved|liked] to eat {snack_or_food}[ more than anything| {frequency}|].
- [All the animals|The other {h.kind}s] said {he} was [too|very|always|never] {person}.
- {H} was [always|often|never] {good_feeling}[, even when it was {weather}|, and {he} liked to
  {animalact}|].
- {H} [wanted to see the world|had never been outside {the_place}|knew every {naturething}
  {place.at}].
- {H} shared {his} home with {number} {wildanimal.s}.
-
den:
- [hole|burrow|nest|den|log|cave|hollow tree|barn|bush|cozy hut|{tree} stump|ditch|tunnel|thicket]
adj_body:
-
  [long|short|soft|strong|shiny|funny|big|tiny|{color}|crooked|pointy|fluffy|quick|curly|{texture}]
house:
- [a {size} house|a {color} house|a cottage|a {size} {color} house|an old {building}|a {hy_house}
  house]
- [a house made of {solid}|a {look_thing} {building}|a flat above a {building}|a cabin]
hy_house:
- [two-story|three-room|one-room|well-kept|two-story|half-timbered|newly-built|brightly-painted]
village:
- [a small town|a small village|a big city|{townname}|a town called {townname}|{townname}]
- [a village near {the_place}|a {nature} land|the village of {townname}|a far-away land]
- [a {nature} town called {inventedplace}|the kingdom of {inventedplace}|a land named
  {inventedplace}]
inplace:
- 3* [in a small town|in a small house|in a big forest|in a small village|in a big city]
- [{prep_near} a {nature} {naturething}|near a {nature} {tree}|in a {nature} {placeword}]
- [in a {size} {building} near {the_place}|in {townname}|on {townname} Road|at the edge of the
  {placeword}]
- [in the land of {inventedplace}|in {inventedplace}|not far from {the_place}|on the road to
  {townname}]
prep_near:
- [near|by|beside|next to|close to|behind|under|not far from]
placeword:
-
  [forest|meadow|valley|garden|field|town|village|wood|jungle|swamp|park|harbor|farm|kingdom|orchard]
the_place:
- {place.the}
outing:
- [to {play_or} {place.at}|for a walk {place.at}|to {the_place}|to {the_place} with {his}
  {family}]
- [to the {event}|out to {pastime}|to visit {his} [aunt|cousin|grandma|uncle|teacher|friends]]
- [to buy {snack_or_food}|to look for {many}|on a {hy_time} trip|to see the {wildanimal.s}
  {place.at}]
play_or:
- [play|play {game}|{playact}|look for {many}]
when:
- 14* one day
- 3* one {weather} [day|morning|afternoon|{daypart}]
- one {daypart}
- one {season} [day|{daypart}|morning|evening]
- on [a {weather} {daypart}|{weekday} {daypart}|{dayname}|the first day of {season}|a {weather}
  {weekday}]
- [one day in {month}|one {weekday}|late one {daypart}|early one {daypart}|one {weather}
  {weekday}]
daypart:
- 3* [day|morning|afternoon]
- [evening|night|day|morning]
smallnumber:
- [three|four|five|six|seven|eight]
family:
- [mom|dad|mother|father|grandma|grandpa|uncle|aunt|cousin|sister|brother]
family2:
- [cousin|grandmother|uncle|neighbor|godfather|older sister|stepfather|great-aunt|godmother]
snack_or_food:
- [{foodthing.s}|{foodthing.s}|{food}|{taste} {food}|{taste} {foodthing.s}|{foodthing.s} and
  {food}]
hy_time_plain:
- [ten minutes|half an hour|a whole minute|five minutes|long|even a minute]
"""

SCENES = """
Scene:
- The [sun|sky|air|{placeword}] was {weather}[| and the {bird.s} {birdact.d}| and {color}
  {flower.s} were in bloom].
- It was a {weather} {daypart}[| in {month}| in {season}][| and the wind {blow.d}|, and the
  {bird.s} {birdact.d}].
- The {naturething.s} {shine.d} in the [sun|light|moonlight|rain|morning light|{weatherstuff}].
- The wind {blow.d} [in|through|over|around] the {tree.s}[| and the {naturething.s} {shine.d}].
- [Everywhere|Here and there|All around], [there were|grew|stood] {color} {flower.s}[| and {size}
  {tree.s}].
- There were {number} {wildanimal.s} [near|by|behind|next to] the {naturething}[|, {animalact.g}
  and {animalact.g}].
- A {color} {wildanimal} [was {animalact.g}|{animalact.d}] [by|under|behind|near] a {tree}.
- Somewhere a {bird} {birdact.d}[| softly| again and again| in the {tree}| from the top of a
  {tree}].
- There was {weatherstuff} in the air[| and {color} {cloth.s} on every line].
- {weatherstuff} had come in the night[|, and the {naturething.s} were {state}].
- The [{building.s}|{vehicle.s}|{tree.s}|{furniture.s}] [looked|were] {look_thing} [in the
  {weather} light|that {daypart}].
- [People|Some {job.s}|{number} {job.s}] were {work.g} [near|by|outside] the {building}.
- {noisework}, went the {vehicle} [on the road|by the {building}|outside|at the corner].
- It smelled of {food}[| and {flower.s}| and {stuff}| and fresh {food}].
- The {placeword} was full of {many}[| and {many}|, {many} and {many}].
- Not a {naturething} moved. [It was very quiet.|It was {weather} and still.|Only a {bird}
  {birdact.d}.]
- There was a {hy_count} {furniture_hy} [by|near|under] the {tree}[|, and on it sat a
  {wildanimal}].
- A {hy_adverb} {road} led [past|over|around|through] the {naturething.s}[| to the {building}].
- The {season} had been {weather}[|, and the {tree.s} were {color}|, and everyone was glad of it].
- {number} {color} {vehicle.s} [stood|waited] [outside|behind|next to] the {building}.
- Someone had left a {look_thing} {container} [by|under|behind] the {furniture}[|, full of
  {many}].
- The clock [of|on] the {building} {said_clock}.
furniture_hy:
- [stool|table|bench|chair|tower|hut|pot|cart|lamp|statue|gate|fence|kettle]
road:
- [path|road|trail|lane|track|bridge|stair|walk]
said_clock:
- [struck {number}|said {number} o'clock|was {number} minutes slow|had stopped at {number}]
Own:
- {H} had a {owncolor} {own}. {H} [took it everywhere|never went anywhere without it|loved it very
  much].
- {His} favorite thing was [a|{his}] {owncolor} {own}[| from {his} {family}| with a {size} {shape}
  on it].
- {H} [always carried|had] a {owncolor} {own} that {his} {family} had [made|bought|found] [for
  {him}|{place.at}].
- {H} [held|hugged|carried] {his} {owncolor} {own} [as {he} {go.d} along|under {his} arm|in both
  hands].
- {His} {family} had given {him} a {owncolor} {own} for {his} birthday.
- {H} [put|left] {his} {owncolor} {own} [{room.at}|on the {furniture}|by the door] before {he}
  went out.
- The {owncolor} {own} was {his} [greatest|dearest|best] treasure. {H} had found it {place.at}.
OwnLater:
- {H} [held|hugged|squeezed] {his} {owncolor} {own} [tight|and felt a little better|and thought
  hard].
- {H} [looked at|thought of|touched] {his} {owncolor} {own} and [smiled|sighed|felt
  {good_feeling}].
- {H} [still had|had brought] {his} {owncolor} {own}[, and that made {him} feel {good_feeling}.|,
  of course.]
- Even {his} {owncolor} {own} [could not cheer {him} up|did not help|looked {bad_feeling}].
Habit:
- {frequency}, {h} [liked|went out] to {pastime}[| with {his} {family}| {place.at}].
- {h} and {his} {family} [liked|loved] to {pastime} together[| {place.at}| on {weekday}s].
- On {weekday}s, {h} would {pastime} and [then |]{pastime2} [until|till]
  [dinner|dark|bedtime|noon].
- {h} had [a {person} {petanimal}|a {animal} {petanimal}] at home, and {he} fed it {food}
  {frequency}.
- {h} helped {his} {family} {chore} {frequency}.
- Before breakfast {h} had to {chore}[| and {chore}].
- [Nobody|No one {place.at}] could {pastime} like {h}.
- {h} knew how to {pastime}, but {he} did not know how to {skill}[| yet].
pastime2:
- {pastime}
"""

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
- <h|{interj}! This is [so |very |][much fun|{quality_good}]!>
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
- In {his} head, {h} could [hear|see] {his} {family} [smiling|{work.g}|singing|calling {his}
  name|shaking a finger].
Then:
- [then|suddenly|all at once|at last|after a while|just then]
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
  {moralact}.
- 2* The moral of the story is[: ^| that ]{moral}.
- And so {h} learned [a lesson about|something about|the value of|what it means to have] {virtue}.
- From that day on, {h} [always tried|remembered|tried] to {moralact}[| and to {moralact}].
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
- [help others|never give up|take turns|think before you act|work together|look after your things]
- [be {person}|be {person} and {person}|be a good friend|keep a promise|thank those who help|be
  brave]
- [give things back|wait for the right time|believe in yourself|try new things|slow down|forgive
  others]
- [be kind to {wildanimal.s}|look twice|say thank you|share your {many}|finish what you begin]
moral:
- [sharing makes everyone happy|a friend in need is a friend indeed|{virtue} is better than
  {material}]
- [it is good to {moralact}|we should always {moralact}|you should {moralact}, even when it is
  hard]
- [{virtue} and {virtue} go hand in hand|a little {virtue} goes a long way|you must {moralact}]
- [even a small {wildanimal} can help a big one|everyone makes mistakes|being different is
  {quality}]
- [{quality} things take time|true friends {moralact}|{virtue} always wins|nothing is as {quality}
  as {virtue}]
- [you cannot buy {virtue}|those who {moralact} are never alone|a {person} word opens every door]
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
- And {h}? {H} was the most {good_feeling} {h.kind} [in the world|{place.at}|of all].
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

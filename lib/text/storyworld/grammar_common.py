"""Rules that every plot shares: openings, scenes, what the hero owns and does."""

from __future__ import annotations

OPENINGS = """
Open:
- 24* Once upon a time, [there was|there was|there lived|in {village}, there was|there was] {desc}
  named {h}. {Who}
- 2* Once upon a time, {inplace}, there [was|lived] {desc} named {h}. {Who}
- 2* {when}, {desc} named {h} [went|went|{go.d}] {outing}. {Who}
- 2* {h} was {desc}[| who lived {inplace}| who lived in {village}|{whoclause}]. {Who}
- There once was {desc} [named|called] {h}. {Who}
- Long ago, {inplace}, there lived {desc} named {h}. {Who}
- In {village} there lived {desc}. {His} name was {h}. {Who}
- {h} [loved|liked|wanted] to {pastime} [more than anything|all day long|with {his} friends].
  {Who}
- Far away, {inplace}, [lived|there lived] {desc} whose name was {h}. {Who}
- {when}, {h} woke up [early|late|with a {react}|to the {sound} of {bird.s}]. {H} was {desc}[|
  {whoclause}].
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
- {His} {family} was a {grownup}[| and {his} {family2} was a {grownup}].
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
- There was a {group} of {many} [by|near|behind|in] the {naturething}[|, and a {wildanimal} looked
  at it].
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
- On {weekday}s, {h} would {pastime} and [then |]{pastime2} [until|till] [dinner|dark|bedtime|
  noon].
- {h} had [a {person} {petanimal}|a {animal} {petanimal}] at home, and {he} fed it {food}
  {frequency}.
- {h} helped {his} {family} {chore} {frequency}.
- Before breakfast {h} had to {chore}[| and {chore}].
- [Nobody|No one {place.at}] could {pastime} like {h}.
- {h} knew how to {pastime}, but {he} did not know how to {skill}[| yet].
pastime2:
- {pastime}
"""

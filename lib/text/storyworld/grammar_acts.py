"""Small happenings in plain words, built from many optional parts: the everyday of every plot."""

from __future__ import annotations

ACTS = """
lead:
- 26*
- [Then|So|Soon|Now|Next|After that|And so|And then|Later|Suddenly]~
- [Then|So|Soon|At once|All at once|Just then|At first|In the end|Right away|This time]~
- [a moment later|after a while|a minute later|one more time|without a word|very {manner.ly}],~
adjq:
- 3* [good|nice|fun|big|pretty|funny|small|new|great|special|beautiful|different|old|soft|strange]
- {quality}
- {look_thing}
np_adj:
- 3* [big|little|small|big|new|red|nice|old|pretty|blue|shiny|funny|tiny|big]
- {size}
- {color}
- {look_thing}
- {size} {color}
np_thing:
- 3* a {np_adj} {np_noun}
- 2* {his} [{np_adj} |]{np_noun}
- a {np_noun}[| with a {part_nice}| made of {solid}| full of {many}| for {his} {family}]
- the [{np_adj} |]{np_noun}
- some {many}
- {number} [{color} |{size} |]{many}
- a lot of {many}
np_noun:
- 2* [ball|box|toy|car|book|hat|doll|boat|bag|truck|cup|stick|rock|flower|kite|bear|cake|bike|bed|
  chair]
- {toy}
- {keepsake}
- {cloth}
- {tool}
part_nice:
- [red bow|long tail|big smile|{color} {part}|{color} {shape}|funny face|{size} {part}|picture of
  a {anything}]
np_creature:
- 2* a {np_adj} [bird|dog|cat|fish|duck|frog|rabbit|bear|bug|mouse|squirrel|bunny]
- a {animal} {wildanimal}
- a {np_adj} {wildanimal}
- a [{np_adj} |]{petanimal}
- {number} {wildanimal.s}
- a {wildanimal}[| with a {adj_body} {pawpart}| who was {good_feeling}| that could {playact}]
np_any:
- {np_thing}
- {np_creature}
- a {np_adj} [house|tree|car|truck|boat|hole|hill|door|man|lady|girl|boy|{building}|{vehicle}|
  {tree}]
- something [big|red|small|shiny|new|strange|{adjq}|{color}|{look_thing}]
pp_move:
- 2* [to|around|past|behind|up to] the [tree|house|water|hill|car|door|swing|pond|flowers|slide|
  garden|fence]
- 2* {place.to}
- [to|around|past|over|along] the {naturething}
- [here and there|up and down|as fast as {he} could|round and round|all the way home|back and
  forth]
- [outside|inside|home|away|back|upstairs]
play_with:
- [played with|found|got|took|picked up|looked at|saw|held|made|hid|dropped|wanted|liked|carried|
  threw]
- [put down|pushed|pulled|opened|drew|shook|hugged|touched|showed everyone|went to get|ran after]
feels:
- 3* [happy|sad|glad|excited|scared|tired|proud|good|hungry|surprised]
- {good_feeling}
so_very:
- [so |so |very |very |really ||||quite |very, very ]
Doing:
- {lead}{H} [saw|saw|found|{see.d}] {np_any}{pp_sp}. It was {so_very}{adjq}.
- {lead}{H} {play_with} {np_thing}{pp_sp}[| and {react_happy}| and {playact.d}].
- {lead}{H} {go.d} {pp_move}[| and {playact.d}| to see {np_any}| to get {np_thing}| and back
  again].
- {lead}{H} wanted to [see|have|find|play with|get|touch|help|catch] {np_any}[|, but {he} was too
  {small_adj}].
- {H} liked to {playact} {pp_at}. It made {him} {feels}.
- {lead}{H} [looked|{look.d}] [up|down|around|out of the window|at the sky] and saw
  {np_any}{pp_sp}.
- There was {np_any}{pp_sp}. {h} [wanted to play with it|thought it was {adjq}|looked at it|had
  never seen it before].
- {lead}{H} [put|hid|left] {np_thing} [in|under|on|next to|behind] the {place_small}.
- {lead}{H} [said hello to|waved to|smiled at|ran to|talked to|played with|asked]
  {np_person}{pp_sp}.
- {lead}{H} [sat down|stopped|waited] {pp_at} and [ate|had|shared|tasted] {snack_or_food}. It was
  {so_very}{taste}.
- {H} [played|{playact.d}|{playact.d} and {playact.d}] [all day|for a long time|with {np_thing}|
  {place.at}].
- {H} could [see|hear] {np_creature}{pp_sp}. It was {animalact.g}[| and {animalact.g}].
- {lead}{H} [helped|asked] {his} {family} [to |]{chore}. It was {adjq}.
- "{noisework}!" went {np_any_the}. {H} {react.d}[| and {react.d}| and looked around].
- <h|[Look|Wow|Oh]! [I see|There is|I found] {np_any}!> {H} {react_happy}.
- {H} was {so_very}{feels}[|, and {he} wanted to {playact}| and did not stop {playact.g}].
- <h|I [want to|can|will|like to] {playact}[ {place.at}| today| like {np_creature}| too]!>
- {np_creature_cap} {birdlike} [to|past|up to|behind] {him}. {H} [gave it|fed it] some {food}[|and
  it was happy].
- {H} tried to [count|catch|find|draw|reach|count] the {many}, but there were too many[| of them].
- {lead}{H} [gave|showed|took] {np_thing} to {np_person}. [They both smiled.|That was {adjq}.|{H}
  was {feels}.|]
- {lead}{H} [thought|knew|hoped|said] that [it would be {adjq}|{he} could {playact}|the
  {wildanimal} was {feels}].
- {H} had {np_thing} and {np_thing}[, but no {np_noun}|, and that was {adjq}|]. 
- {lead}{H} [took off|put on|washed|dropped] {his} {cloth}[| because it was {weather}| and {go.d}
  {pp_move}].
- {H} [was|had been] {work.g} [all {daypart_end2}|for {hy_time_plain2}] and {he} was
  {so_very}{feels}.
pp_sp:
- 4*
- 2* ~[in|on|under|by|near|behind|next to] the [tree|house|water|grass|ground|door|bed|bush|box|
  rock|fence]
- 2* ~{place.at}
- ~[in|on|under|by|near|behind|next to] [a|the] {naturething}
- ~[near|behind|on|under] the {furniture}
- ~{room.at}
pp_at:
- [in|on|under|by|near|behind] the [tree|house|water|grass|ground|door|bed|bush|box|rock|fence|
  sun|{naturething}]
- {place.at}
- {room.at}
small_adj:
- [small|short|slow|tired|shy|late|young|little|scared|far away|{bad_feeling}]
place_small:
- [bed|box|tree|table|bag|chair|door|{furniture}|{container}|{naturething}|{vehicle}|{container}]
np_person:
- [the|a] {trait_small}[boy|girl|man|lady|{job}|{job}|{folk}]
- [the|a] {wildanimal}
- {his} [mom|dad|friends|teacher|sister|brother|grandma|{petanimal}|{family}]
trait_small:
- [|||nice |big |old |little |happy |{person} |{looks} ]
np_any_the:
- [the {vehicle}|the {toy}|the {tool}|a {wildanimal}|the {furniture}|something {pp_at}|the
  {keepsake}]
np_creature_cap:
- {np_creature1}
np_creature1:
- a {np_adj} {wildanimal}
- a {animal} {wildanimal}
- one [{np_adj} |]{bird}
- the {job}'s {petanimal}
birdlike:
- [came|flew|ran|jumped|hopped|walked|went|swam|crawled|{go.d}]
daypart_end2:
- [day|morning|afternoon|day long|{season}]
hy_time_plain2:
- [an hour|a long time|a while|ten minutes|two hours|days|a bit]
Together:
- {They} [played|{playact.d}|{playact.d} and {playact.d}] [all day|together|in the {weather} sun|
  {place.at}|with {np_thing}|until dark].
- {They} [had|were having] [a lot of|so much|lots of|great] fun[| together| with {np_thing}|
  {place.at}].
- {They} {go.d} {pp_move_they} and [saw|found|looked at|talked to|played with] {np_any}.
- {They} [saw|found|met|heard] {np_any}{pp_sp}. <f|[Look|Wow], {h.v}! [What is that|Do you see it|
  Can we keep it]?> <h|It is {so_very}{adjq}!>
- {They} were {so_very}{feels}. {h} {react.d} and {f} {react.d}.
- <f|Do you want to [play|{playact}] [with me|{place.at}|with {np_thing_f}]?> <h|[Yes|Okay|Sure|
  Yes, please]! I [like|love] to {playact}!>
- {f} [liked|had|wanted|saw|took] {np_thing_f}, and {h} [liked|had|wanted|saw|took] {np_thing}.
  [So they shared.|They were {feels}.|]
- {f} [gave|showed] {h} {np_thing_f}. <h|[Thank you|Wow|Oh]! It is {so_very}{adjq}!>
- The two friends [sat|stood|lay|stopped] {pp_at} and [looked at the {many}|talked|ate
  {snack_or_food}|{playact.d}].
- <h|[Can you|You cannot] {playact} [like me|like a {wildanimal}|very well|as {fast} as I can]!>
  {f} [smiled|laughed|tried it too].
- {h} and {f} [ran|walked|jumped|{go.d}] [home|{pp_move_they}]. {f} was [faster|first|behind|
  tired|slow|happy].
- {They} [made|built|drew|found|picked] {many_made} [for {his} {family}|for the {wildanimal.s}|
  with {many}|and {many_made}].
- {They} took turns with {np_thing}. [First {h}, then {f}.|It was {so_very}{adjq}.|Nobody was
  {bad_feeling}.]
- {h} told {f} about {np_any}. {f} [did not believe it|listened|{react.d}|wanted to see it too].
pp_move_they:
- [to the [tree|water|hill|swing|pond|slide|house|garden]|{place.to}|up and down|around the
  {naturething}]
np_thing_f:
- a {np_adj} {np_noun}
- a {np_noun}
- some {many}
- {number} {many}
fast:
- [fast|high|well|loud|far|{manner.ly}|long]
many_made:
- [a {np_adj} {np_noun}|a {naturebuilt}|a picture of {np_creature}|{food}|{number} {many}|a {size}
  {naturebuilt}]
Family:
- {k} [was|came] in the {placeword2}. <k|{Hello}, {h.v}. [What did you do today|Do you want some
  {food}|Where were you]?> <h|I {playact.d}[| {place.at}| with {np_creature}]!>
- {k} [gave {him}|made {him}|had] {snack_or_food}. <h|[Yum|Mmm|Oh]! [I love|May I have more]
  {food_ans}!>
- <k|[Be careful|Be good|Come home soon|Put on your {cloth}], {h.v}!> <h|[Yes|Okay], {k.v}!> {H}
  {go.d} out.
- <h|{k.v}, can I [play|{playact}] [outside|{place.at}|now|with {np_thing_me}]?> <k|[Yes|Of
  course|Not now|In a minute], {dear}.>
- {k} was {work.g}{pp_sp}. {h} [helped a little|wanted to help|watched|sat next to {k.him}].
- {h} [asked|went to] {k}. <h|[What is|Can we see|I want to see] {np_any_me}!> <k|[Maybe tomorrow|
  Let me see|All right].>
food_ans:
- [it|{food}|{foodthing.s}]
placeword2:
- [garden|kitchen|house|yard|car|{placeword}]
np_thing_me:
- a {np_adj} {np_noun}
- my [{np_adj} |]{np_noun}
- the {np_noun}
np_any_me:
- the {np_adj} {np_noun}
- the {wildanimal.s}
- a {np_adj} {wildanimal}
"""

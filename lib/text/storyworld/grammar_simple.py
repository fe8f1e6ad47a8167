"""Plain talk and plain deeds: short exchanges and small scenes in common words."""

from __future__ import annotations

SIMPLE = """
noun_p:
- 4* [ball|toy|box|car|book|hat|cake|doll|bear|flower|truck|rock|bag|stick|cup|kite|bike|train|
  leaf|star|boat|blanket]
- 2* [stone|shell|ring|coat|shoe|scarf|spoon|pot|bowl|cookie|apple|banana|egg|pie|sandwich|candy|
  balloon|drum|rope]
- {toy}
- {keepsake}
- {cloth}
- {foodthing}
the_p:
- 2* the {noun_p}
- the {adj_c} {noun_p}
- 2* {his} {noun_p}
- {his} {adj_c} {noun_p}
noun_c:
- 5* [ball|toy|box|tree|car|bird|dog|cat|book|hat|fish|cake|door|boat|doll|bear|flower|truck|rock|
  house|bug|frog]
- 3* [bag|bed|chair|stick|cup|kite|bike|train|leaf|hole|star|duck|bunny|mouse|horse|cow|pig|
  rabbit|squirrel|butterfly]
- 2* [stone|shell|ring|coat|shoe|scarf|spoon|pot|bowl|cookie|apple|banana|carrot|egg|pie|sandwich|
  candy|balloon|drum]
-
  [window|table|lamp|picture|letter|puzzle|robot|plane|wagon|sled|swing|slide|bucket|shovel|basket|blanket|pillow|rope]
- {toy}
- {keepsake}
- {wildanimal}
- {foodthing}
- {naturething}
adj_c:
- 5* [big|little|small|red|new|blue|old|pretty|shiny|nice|funny|soft|green|yellow|tiny|huge|
  special|good|beautiful]
- 2* [white|brown|black|pink|purple|orange|round|long|warm|clean|dirty|broken|wet|hot|cold|loud|
  fast|tall|hard|bright]
- {look_thing}
- {size}
- {color}
- {animal}
a_thing:
- 4* a {adj_c} {noun_c}
- 2* a {noun_c}
- 4* the {noun_c}
- 2* the {adj_c} {noun_c}
- a {adj_c}, {adj_c} {noun_c}
- [two|three|some|many|lots of] {many}
- {his} {noun_p}
the_thing:
- 3* the {noun_c}
- the {adj_c} {noun_c}
- {his} {noun_p}
- {his} {adj_c} {noun_p}
- it
where_c:
- 3* [in|on|under|by|near|behind|next to|at] the [tree|house|water|grass|table|door|bed|bush|box|
  rock|fence|pond|hill]
- 2* {place.at}
- [in|near] the [park|garden|store|yard|kitchen|woods|forest|room|street|field|lake|school|shop|
  barn|house]
- [on|under|behind|near] the {furniture}
- [in|behind|near] the {building}
- [outside|inside|up high|over there|down there|far away|at home|there|upstairs]
to_c:
- 3* to the [tree|house|water|grass|table|door|bed|bush|box|rock|fence|pond|hill|park|garden|
  store|yard|kitchen]
- {place.to}
- to the [woods|farm|forest|street|field|river|beach|lake|swing|slide|window|car|{building}|
  {naturething}]
- [outside|inside|home|back|away|closer|over|upstairs]
i_feel:
- [I am|I feel] [so |very ||][happy|sad|scared|hungry|tired|cold|excited|sorry|proud|lucky|bored|
  brave|{feels}]
i_do:
- 3* I [want|like|love|need|have|try] to {inf_me}
- 2* I [have|see|found|want|like|love|need|made|lost|saw] a {adj_c} {noun_c}
- I [can|will|cannot|can't] {inf_me}
- {i_feel}
- it is [so |very ||too ]{adj_c}
you_do:
- [can you|do you want to|will you|can we|shall we|may I|can I|do I have to] {inf_me}
- do you [like|see|have|want|know|need] [my|the|this|a] {adj_c} {noun_c}
- [where is|what is in|who has|who took|how big is|what is under] [my|the|that] {noun_c}
- why is the {noun_c} so {adj_c}
- what [is that|do you see|shall we do|happened|did you find|can I do]
answer:
- 2* [yes|okay|sure|of course|yes, please|all right|no|no, thank you|not now|maybe later|I think
  so|I do not know]
- [yes|no|oh|well|okay], {i_do}
- [it is|that is|this is] [so |very ||too ]{adj_c}
- {i_do}
- [look at|it is in|it is under|it is behind|I like|I want|be careful with] the {noun_c}
- [come with me|let me see|give it to me|be careful|wait for me|do not be sad|do not worry|try
  again|help me]
TalkF:
- 2* <h|{you_do}?> <f|{answer}.>
- 2* <f|{you_do}?> <h|{answer}.>
- <h|[Look|Wow|Oh|Hey], {f.v}! {i_do}!> <f|{answer}!>
- <f|[Look|Wow|Oh|Hey], {h.v}! [I see|I found|There is] a {adj_c} {noun_c} {where_c}!> <h|
  {answer}.>
- <h|{i_do}.> <f|[Me too|I know|Really|Let us try|So do I|You can do it|Me too, {h.v}].>
- <f|{i_do}. {i_do}.> <h|{answer}.> {f} {gesture.d}.
- {h} [showed|gave|told|asked] {f} about {a_thing}. <f|{answer}!>
- <f|{answer}.> {h} {gesture.d} and [looked at|went to get|put down|picked up|thought about]
  {the_thing}.
TalkK:
- 2* <h|{k.v}, {you_do}?> <k|{answer}[, {dear}|].>
- <k|{you_do}, {h.v}?> <h|{answer}.>
- <h|{k.v}, {i_do}!> <k|{answer}[, {h.v}|].>
- <k|{h.v}, {i_do}.> <h|{answer}!>
- {h} [showed|gave|told|asked] {k} about {a_thing}. <k|{answer}.>
- <h|[Look|Wow|Hey], {k.v}! [I see|I found|There is] a {adj_c} {noun_c} {where_c}!> <k|{answer}.>
Legend:
- {h} had [a book|a song|a story|a picture] [about|of] a {creature}, and {he} [loved|knew|liked]
  it.
- {H} [liked|loved|wanted] to [play|dream|think] that {he} [was|had|could be] a {creature}.
- {k} told a story about a {creature} that {playact.d} {where_c}.
- [People|Some people|The {job.s}|The old people] [say that a {creature} lives|said that a
  {creature} lived] {where_c}.
- {H} had once seen a {creature} {where_c}. Nobody believed {him}.
- {His} {family} came from {inventedplace}[, which is far away|, a {nature} place|].
- {H} wanted to go to {inventedplace} one day[, to see the {creature}|, by {vehicle}|].
- In {inventedplace} there was a {np_adj} {building}, and {h} had a picture of it.
- {H} drew a {creature} with {number} {pawpart.s}[| on the {furniture}].
- {h} had a toy that looked like a {creature}. It was from {inventedplace}.
- At night, {h} [dreamed of|thought of|sang about] the {creature}[| and of {inventedplace}].
- A letter came from {inventedplace}. It was from {his} {family}.
SoloPast:
- 3* {lead}{H} [saw|saw|found|met|heard|liked] {a_thing} {where_c}. It was {so_very}{adj_c}.
- 3* {lead}{H} [took|got|picked up|carried|held|pushed|pulled|dropped|left|forgot] {the_p} and
  {move_c}.
- 3* {lead}{H} {move_c} and [saw|found|looked at|played with|touched|hid behind|sat on]
  {the_thing}.
- 2* {lead}{H} {move_c}. {H} [wanted|tried|liked|had|started|decided] to {inf}.
- 2* {H} [liked|loved|had|wanted|needed] {a_thing}, but [it was too {adj_c}|{his} mom said no|
  there was only {a_thing}].
- 2* {H} [thought|knew|said|saw|hoped] that {the_thing} was {so_very}{adj_c}.
- {H} [played|{playact.d}] with {the_thing} [all day|for a long time|{where_c}|and was happy|until
  it was dark].
- {lead}{H} [put|hid|saw|found|left] {the_p} {where_c}. It [looked|was|felt] {so_very}{adj_c}.
- {the_thing} was {where_c}. {H} {move_c} to [get|see|help|look at|hug|find] it.
- {H} [could not|could] [find|see|reach|open|move|lift|hear] {the_thing}. [It was too far away|It
  was too heavy|It was too big|It was no use|But it was not easy].
- When {h} [saw|heard|found] {a_thing}, {he} [smiled|ran away|wanted to {inf}|was
  {so_very}{feels}|{move_c}].
- {H} [made|drew|built|painted|cut|fixed|washed|cleaned] {a_thing}. It was {so_very}{adj_c}, and
  {he} was {feels}.
- {H} [ate|made|shared|tasted|bought|wanted] {a_food} and [drank|had] some {drink}. It was
  {so_very}{taste}.
- {a_thing} [came|flew|fell|rolled|jumped|moved|went] {to_c}. {H} {gesture.d} and said,
  "^{exclaim}!"
- {H} was {so_very}{feels}. {H} [wanted|needed|tried|liked] to {inf} and to {inf}.
- {lead}{H} had a {np_adj} {idea}[| about {many}| about {a_thing}]. {H} told {his} {family}.
- {lead}{H} {eat.d} {a_food} and {give.d} some of it to {np_person}.
- {lead}{H} {make.d} {a_thing} for {np_person}. It was {so_very}{adj_c}.
- {lead}{H} {undo.d} the [door|box|bag|gate|window|lid|drawer]. It was [dark|empty|full of {many}|
  cold] inside.
- {H} [wanted|tried|liked] to {help} {np_person}[|, but it was not easy].
- {H} {think.d} that {the_thing} was {so_very}{adj_c}.
- {H} {like.d} {the_thing} [very much|more and more|best of all|every day].
- {H} had a [book|song|picture|story] about {subject_book.s}[| and {many}]. It was
  {so_very}{adj_c}.
- {H} [looked|ran|jumped|went|danced] {where_dir} and {where_dir}.
- 3* {H} [dreamed of|read about|heard of|drew|wanted to see|told everyone about] a
  {creature}[| {where_c}].
- 2* {H} [wanted to go to|had a map of|dreamed of|heard a song about|read about] {inventedplace}.
- There was a {group} of {many} {where_c}. {H} {playact.d} and {move_c}.
- 2* {H} [met|saw|waved to] a {hy_adjective_person} {job} with a {hy_adverb} {noun_p}.
- 2* {H} [saw|found|had] a {hy_made} {noun_p} and a {hy_prefix} {noun_p}.
- {H} [met|saw|knew|talked to] a {hy_prefix_person} {where_c}. It was {so_very}{adjq}.
- 2* The {hy_count} {furniture_hy} {where_c} was {so_very}{adj_c}.
- {H} [liked|wanted|heard of|dreamed of] the {hy_noun}[| more than the {hy_noun}].
- It was a {hy_digit_time} walk {to_c}[|, and {he} was tired].
- {lead}{H} [put on|washed|lost] {his} {pairs}. {soon_}, {he} was {so_very}{feels}.
soon_:
- {soonword}
move_c:
- [went|ran|walked|came|jumped|hopped|climbed|crawled|{go.d}|went back|ran back|hurried] {to_c}
a_food:
- [an apple|a cookie|some cake|some bread|a banana|some soup|a sandwich|some candy|some {food}|a
  {foodthing}]
- [{taste} {food}|{taste} {foodthing.s}|{number} {foodthing.s}|a {taste} {foodthing}|a big lunch|a
  little snack]
exclaim:
- [wow|oh|look|hello|oh no|hi there|what is that|how {adj_c}|no, no|come here|stop|help|how nice|
  yay|hey]
- what a {adj_c} {noun_c}
- {interj}
DuoPast:
- 3* {They} [saw|found|met|heard|liked|looked at] {b_thing} {where_c}. It was {so_very}{adj_c}.
- 3* {They} {move_c} and [played|{playact.d}|had fun|laughed|sat down|looked around|saw
  {b_thing}].
- 2* {They} [took|got|carried|brought|pushed|pulled] {b_the} {where_to} and {playact.d}.
- 2* {They} [wanted|tried|liked|had|started|decided] to {inft}, but [it was too {adj_c}|
  {obstaclet}].
- 2* {f} [had|saw|liked|found|made|wanted] {b_thing}, and {h} [had|saw|liked|found|made|wanted]
  {b_thing}.
- {They} [made|drew|built|painted|fixed|washed|found] {b_thing}. {f} [liked it|was {feels}|
  {gesture.d}|{playact.d}].
- {They} [ate|made|shared|bought] {a_food} {where_c}. It was {so_very}{taste}.
- {f} {gesture.d}, and {h} {gesture.d} too. They were {so_very}{feels}.
- {f} was {so_very}{feels}[| and wanted to {inft}]. {h} [gave|showed] {f.him} {b_thing}.
b_thing:
- 4* a {adj_c} {noun_c}
- 2* a {noun_c}
- 3* the {noun_c}
- 2* the {adj_c} {noun_c}
- their {noun_p}
- [two|three|some|many|lots of] {many}
b_the:
- the {noun_c}
- the {adj_c} {noun_c}
- their {noun_p}
- some {many}
where_to:
- {to_c}
- [with them|home|together]
"""

"""Sentences put together from clauses of the commonest words."""

from __future__ import annotations

PLAIN = """
thing_plain:
- 3* the [ball|toy|box|tree|car|bird|dog|cat|book|hat|fish|cake|door|boat|doll|bear|flower|water|
  truck|rock]
- 2* a [big|little|red|new|nice|small|blue|pretty|shiny|old] [ball|toy|box|tree|car|bird|dog|cat|
  book|hat|fish]
- a [big|little|red|new|nice|small|green|funny|soft|yellow] [cake|boat|doll|bear|flower|truck|
  rock|bug|frog|bag]
- 2* {his} [toys|toy|mom|dad|friends|friend|ball|book|bed|room|car|dog|cat|hat|house|family|
  blocks]
- the [{np_adj} |][{toy}|{wildanimal}|{petanimal}|{furniture}|{vehicle}|{naturething}]
- it
- {np_thing}
- [all |some of |]the [toys|birds|flowers|{many}|other animals|other toys|things|people|leaves|
  {many}|big trees]
place_plain:
- 3* the [park|house|tree|garden|store|water|yard|pond|kitchen|swing|slide|box|door|car|beach|
  woods|farm|sky]
- [the other side|the top|the big tree|the little house|{his} room|{his} house|the end of the
  road]
- {place.the}
- the [{np_adj} |]{placeword}
inf:
- 3* [play|play outside|help|run|jump|see more|go home|have fun|eat|swim|dance|fly|sing|sleep|cry|
  talk|share|climb]
- 3* play with {thing_plain}
- 2* [see|find|get|have|help|hug|touch|hold|keep|make|show everyone|look at|fix|open|catch]
  {thing_plain}
- [play|run|go|jump|stay] [in|to|near|around|by] {place_plain}
- [be|feel] [good|brave|happy|safe|nice|strong|careful|kind|big|fast|{feels}]
- {playact}
- {playact} [{place.at}|all day|and {playact}|too|again|fast|with {his} friends]
- [give|show|take|bring|throw] {thing_plain} to [{his} mom|{his} dad|{his} friend|the dog|the
  bird|the {wildanimal}]
- [make|eat|find|share|buy|taste] [some |]{food}
- [tell|ask|show|help|thank] {his} [mom|dad|friends|friend|sister|brother|teacher|{family}]
- {pastime}
- {chore}
- [learn|try|start] to {playact}
move:
- 4* [went|went|ran|walked|came|jumped|hopped|hurried] [to|to|over to|back to|around|up to]
  {place_plain}
- {go.d} {pp_move}
- {go.d} {place.to}
sense:
- 4* [saw|saw|found|heard|met|liked|looked at|noticed] {thing_new}
- {see.d} {thing_new}
thing_new:
- 3* a [big|little|red|new|nice|small|blue|pretty|shiny|old] [ball|toy|box|tree|car|bird|dog|cat|
  book|hat|fish|hole]
- 2* a [big|little|red|new|nice|small|green|funny|soft|yellow] [cake|boat|doll|bear|flower|truck|
  rock|bug|frog|bag]
- 2* {np_any}
- something [red|blue|big|small|new|strange|shiny|soft|funny] [in|on|under|near|by|behind]
  {place_plain}
- {number} {many}
use_it:
- [play there|tell {his} friends|get closer|see more|show {his} mom|say hello|have a better look|
  stay]
- [{playact} there|draw a picture|know more|look again|touch everything|help|join in|come back
  later]
- [{inf}|{playact}|tell {his} {family}|run over|wait and see|go there|take one home|ask about it]
desire:
- 4* [wanted|liked|loved|wanted|needed|decided|had|hoped|asked] to {inf}
- [thought|said|knew] that it [was time|would be fun|was fun|was good|might be fun] to {inf}
- could not wait to {inf}
obstacle:
- [it was|it got] too [late|dark|far|big|high|cold|hot|hard|heavy|fast|small|wet|{weather}]
- {his} [mom|dad|family|grandma] said [no|not now|later|it was too late|that it was time to {inf}]
- {he} did not know how
- {he} [was|felt] too [tired|shy|small|scared|hungry|sleepy|little|busy|{bad_feeling}]
- nobody [wanted to come|was there|had time|heard {him}|knew how]
- {he} could not find {thing_plain}
- the [door|box|gate|{building}] was [closed|locked|empty|too small]
- {he} had to [wait|go home|{chore}|help {his} {family}|eat first|stay in bed|sit still]
- there was [no time|no room|a {np_adj} {wildanimal} in the way|nobody to help|too much {stuff}]
happy_word:
- 3* [happy|glad|excited|proud|so happy|very happy|very excited]
- {good_feeling}
happy_reason:
- {he} could {inf}
- it was [sunny|a {weather} day|time to {inf}|fun|{adjq}|{season}|{weekday}]
- {he} had {thing_new}
- [{his} family|{his} friend|{his} mom|everyone] was there
- {he} [saw|found|got] {thing_new}
sad_word:
- 3* [sad|scared|angry|tired|worried|very sad|a little sad]
- {bad_feeling}
sad_reason:
- {he} could not {inf}
- it was [too late|dark|{weather}|so far|time to go|{adjq}]
- {he} had no {np_noun}
- [nobody|no one] wanted to {inf}
- {he} did not [know how to {inf}|have {thing_new}|see {his} mom|want to go home]
time_plain:
- 4*
- [every day|one day|soon|later|the next day|after that|now|at night|in the morning|that day|in
  the afternoon],~
PlainH:
- 4* {lead}{H} {sense} and wanted to {use_it}.
- 3* {lead}{H} {move} and {sense}.
- 3* {lead}{H} {move} to {inf}.
- 3* {lead}{H} {desire}, but {obstacle}.
- 2* {H} {desire} and {desire}.
- 2* {H} was {happy_word} because {happy_reason}.
- {H} was {sad_word} because {sad_reason}.
- 2* When {h} {move}, {he} {sense}.
- 2* {time_plain}{H} {desire}. So {he} {move}.
- {time_plain}{H} {move} with [{his} mom|{his} dad|{his} friends|{his} {family}|{his} {petanimal}|
  {thing_plain}].
- {time_plain}{H} {move}. There {he} {sense}. It was {so_very}{adjq}.
- {H} {playact.d}, {playact.d} and {playact.d} until {obstacle}.
- {lead}{H} {sense}. It was {so_very}{adjq}[| and {adjq}], and {h} wanted to {use_it}.
- As {h} {move}, {he} {sense} [in|on|near|by|under|behind] {place_plain}.
- {H} [tried|wanted|started|began] to {inf} before {he} {move}.
- {H} had {thing_there} and [wanted|liked|loved] to {use_it}.
- {H} [liked|loved] to {inf}. {H} also [liked|loved] to {inf}.
- <h|I [want|like|love|need|have] to {inf_me}[| and {inf_me}]!>
- <h|[I can|I will|Can I|May I|I want to] {inf_me}[| now| too].>
- There was {thing_there} [in|on|near|by|under|behind] {place_plain}. {H} wanted to {use_it}.
- {lead}{H} [asked|told] {his} [mom|dad|friend|{family}] [about {thing_plain}|if {he} could
  {inf}]. {gesture_end}
gesture_end:
- [The answer was yes.|The answer was no.|That was {adjq}.|But it was too late.|It was a good
  idea.]
thing_there:
- a [big|little|red|new|nice|small|green|funny|soft|yellow] [cake|boat|doll|bear|flower|truck|
  rock|bug|frog|bag]
- {np_any}
inf_me:
- 3* [play|play outside|help|run|jump|see more|go home|have fun|eat|swim|dance|fly|sing|sleep|
  share|climb]
- play with [it|the {toy}|my {toy}|you|the {wildanimal}|my friends|{f.v}]
- [see|find|get|have|help|make|touch|hold|keep] [it|the {np_noun}|a {np_adj} {np_noun}|the
  {wildanimal}|{many}]
- go to {place.the}
- {playact}[| {place.at}| with you| all day]
- be [good|brave|happy|nice|strong|careful|kind|big|fast|{person}]
movet:
- 3* [went|ran|walked|came|jumped|hopped] [to|to|back to|around|up to] {place_they}
- {go.d} [{place.to}|{pp_move_they}]
senset:
- 4* [saw|saw|found|heard|met|liked|looked at|played with] {thing_new}
desiret:
- 3* [wanted|liked|loved|tried|started|decided|had] to {inft}
- could not wait to {inft}
- [knew|thought|said] that it [was time|was fun|was good|would be fun] to {inft}
funt:
- 2* [played|{playact.d}] [together|all day|in the {placeword}|and {playact.d}|near {place_they}|
  with {thing_they}]
- had [fun|a lot of fun|a good time|lunch|some {food}|so much fun|a {adjq} day|a great time]
- [smiled|laughed|clapped|sat down|held hands|hugged|jumped up and down|danced|sang]
- [ate|shared|made|had] [some |the |their |][cake|{food}|{foodthing.s}|cookies|apples|lunch|bread|
  snacks]
- [showed|gave|took|brought] {thing_they} to [their friends|everyone|their family|the other
  animals]
obstaclet:
- [it was|it got] too [late|dark|far|big|high|cold|hot|hard|heavy|fast|small|wet|{weather}]
- [nobody|no one] [was there|had time|knew how|could see them]
- they had to [wait|go home|help {k}|eat first|share|be quiet|{chore}]
- they did not know how
inft:
- 3* [play|play outside|help|run|jump|see more|go home|have fun|eat|swim|dance|sing|share|climb|
  explore|play a game]
- 2* [play with|see|find|get|have|help|look at|fix|open|catch|make] {thing_they}
- go to {place_they}
- {playact}[| {place.at}| together| too| all day]
- be [friends|nice|careful|kind|good|quiet|brave]
- [help|thank|find|tell] [their friends|their family|each other|{k}|everyone]
- share [their {toy.s}|their {food}|everything|the {toy}]
thing_they:
- 2* the [ball|toy|box|tree|car|bird|dog|cat|book|hat|fish|cake|door|boat|doll|bear|flower|water|
  truck|rock]
- 2* a [big|little|red|new|nice|small|blue|pretty|shiny|old] [ball|toy|box|tree|car|bird|dog|cat|
  book|hat|fish]
- their [toys|friends|ball|books|cars|hats|house|family|blocks|{toy.s}|{toy}|{cloth.s}]
- {np_any}
- [all |some of |]the [toys|birds|flowers|{many}|other animals|things|people|leaves]
- it
place_they:
- 3* the [park|house|tree|garden|store|water|yard|pond|kitchen|swing|slide|box|door|car|beach|
  woods|farm]
- [the other side|the top|the big tree|the little house|their house|the hill]
- {place.the}
Both:
- 3* {They} {funt}.
- 3* {They} {movet} and {funt}.
- 3* {They} {funt} and {funt}.
- 3* {They} {movet} and {senset}[|. It was {so_very}{adjq}].
- 2* {They} {desiret}, but {obstaclet}.
- 2* {They} {desiret}, so they {movet}.
- {They} were {happy_word} because they [could {inft}|had {thing_new}|were together|were friends|
  liked to {inft}].
- When {They} {movet}, they {senset}.
- {h} and {f} {senset}. They wanted to [play with it|see it|take it home|help|know what it was|
  keep it|touch it].
- {f} [liked|loved|wanted|tried] to {inft}, and {h} [liked|loved|wanted|tried] to {inft}. So they
  {funt}.
- <f|[Let us|We can|Let us] {inf_us}!> They {movet} and {funt}.
- <f|[Can we|Do you want to] {inf_us}?> <h|[Yes|Okay|Sure|No, not now|Later]!>
- <h|[I like|I want|It is fun|It is good] to {inf_us}.> <f|[Me too|Yes, it is|I know|So do I].>
- [Every day|All day|After that|Then|Soon|Later], {They} {funt}[| and {funt}].
- {They} became [good|great|very good|the best of|close] friends and {desiret}.
inf_us:
- [play|play outside|help|run|jump|go home|have fun|eat|swim|dance|sing|share|climb|explore|play a
  game|play {game}]
- [see|find|get|look at|fix|open|catch|make] [it|the {np_noun}|a {np_adj} {np_noun}|the
  {wildanimal}|{many}]
- go to {place.the}
- {playact}[| {place.at}| together| all day]
- be [friends|good|careful|quiet|brave]
"""

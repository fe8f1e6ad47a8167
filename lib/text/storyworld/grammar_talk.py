"""Rules that every plot shares: what happens on the way, small talk, friends, help, thanks."""

from __future__ import annotations

DETOURS = """
Detour:
- On the way, {h} [saw|passed|met|counted] {number} {wildanimal.s}, a {job} with a {container} and
  a {look_thing} {vehicle}.
- {H} [stopped|sat down] to {look} at a {color} {wildanimal} on a {naturething}. It {animalact.d}
  and {animalact.d}.
- {h} had [brought|packed] {snack_or_food}, a {look_thing} {keepsake} and {number} {many} in {his}
  {container}.
- A {person} {job} [waved|nodded|smiled] at {him} from a {color} {vehicle}[| and asked the way to
  {townname}].
- {H} [found|saw] a {shape} of {many} [on|next to] the path[|. Who had put it there?].
- In the [window|garden|doorway] of the {building} [stood|was|sat] a {look_thing} {furniture}[|
  made of {material}].
- {h} hummed a [song|tune] about a {animal} {wildanimal} who {wear.d} a {color} {cloth}[|, and the
  {bird.s} joined in].
- There was a {soundadj} {sound} behind the {naturething}. [It was only a {wildanimal}.|{h}
  {look.d}, but nobody was there.]
- A {wildanimal} [with|that had] a {adj_body} {pawpart} {animalact.d} past, and {h} [waved|
  laughed|said {hello}].
- {h} [stepped|jumped|hopped] over a {naturething}, [around|under] a {tree} and [past|behind]
  {number} {furniture.s}.
- [Overhead|High up], a flock of {bird.s} {birdact.d}[| like {many} in the wind].
- People said that a {creature} lived {place.at}, but {h} had never seen one.
- A sign said "{townname}, {number} miles"[| and, below that, "^{sign}"].
- {h} read the sign on the {building}: "^{sign}"
- {H} had once seen a {creature} {place.at}, or so {he} said.
- Far away, where the {creature} sleeps, a {bell_or} rang {number} times.
- It {weather_verb} [a little|hard|for {a_time}], so {h} waited under a {tree} [with|beside] a
  {wildanimal}.
- {h} picked up a {look_thing} {naturething} and put it in {his} pocket.
- A {person} {job} was selling {foodthing.s}, {foodthing.s} and {food} [from a {vehicle}|in front
  of the {building}].
- {h} played {game} with {number} {wildanimal.s}[| and won| and lost| until {he} was tired].
- The {job}'s {petanimal} had {number} {petanimal_young}[, and all of them were {animal}|].
- Someone had built a {naturebuilt} out of {material} and {many}[|. It was {look_thing} and
  {look_thing}].
- {h} passed the {hy_adverb} {building} and the {hy_adjective_animal} {petanimal} that [slept|sat]
  there.
- There were {bignumber} steps to the top. {h} counted them all[| twice| out loud].
- [A {family} of {wildanimal.s}|A line of {wildanimal.s}] crossed the {road}, first the {size}
  ones, then the {size} ones.
- {noisework}, {noisework}, went the {part} of the {vehicle}[|, and everyone {look.d}|, and the
  {wildanimal.s} ran away].
- "{animalnoise}, {animalnoise}!" said a {wildanimal} [on the {naturething}|by the {furniture}|to
  nobody at all].
- A {weather} wind {blow.d} a {cloth} off the line, and {h} [ran after|caught] it.
- The {foodthing.s} on the {tree_fruit} were {taste}[|, and {h} ate {number}| and {taste}].
- There was a {hy_made} {container} [by|under|in] the {vehicle}, and in it were a {hy_noun_thing}
  and {number} {toy.s}.
- {h} had a {hy_digit_thing} [puzzle|{keepsake}|{toy}] at home[|, but some of it was lost| that
  {he} liked a lot].
- {h} wanted a {foodthing}, but it cost {bignumber} {coins}.
- They were playing {game} near the {hy_noun_thing}[|, and nobody looked up].
- It was a {hy_digit_time} [walk|trip|ride] [to {townname}|to {the_place}|by {vehicle}]. {h} did
  not mind.
- The {re_opened} {building} had a {hy_count} {furniture_hy} in front[|, and people stopped to
  look at it].
- A {job} in a {color} {cloth} was [washing|fixing|painting|pushing|driving] a {vehicle}[| full of
  {many}].
- {h} saw {number} {many}, {bignumber} {many} and not one {wildanimal}.
- Once {h} had been to {inventedplace}, where the {tree.s} are {color} and the {job.s} {work}.
petanimal_young:
- [kittens|puppies|babies|little ones|young ones]
naturebuilt:
- [fort|house|bridge|tower|castle|hut|wall|snowman|statue|ship|tent|dam|tunnel|stage|throne|nest]
tree_fruit:
- [tree|bush|branch|table|stand|hedge|cart|plate]
re_opened:
-
  [re-opened|re-built|re-painted|newly-built|well-known|half-finished|brightly-lit|never-ending|co-owned]
coins:
- [coins|pennies|cents|dollars|shells|acorns]
hy_noun_thing:
- [merry-go-round|jack-in-the-box|see-saw|yo-yo|walkie-talkie|jack-o'-lantern|T-shirt|X-ray]
- [pop-up book|hot-water bottle|record-player|cuckoo-clock|push-button radio|tea-towel|
  water-wheel]
- [forget-me-not|lily-of-the-valley|step-ladder|pick-me-up|bird-bath|toy-box|half-moon|time-table]
bell_or:
- [bell|clock|gong|horn|drum|phone]
a_time:
- [an hour|a minute|half an hour|ten minutes|a while|a bit|a {hy_time} spell]
weather_verb:
- [rained|snowed|poured|hailed|drizzled|thundered]
sign:
- [Please do not feed the {wildanimal.s}.|Beware of the {petanimal}!|{snack_cap} for sale|Closed
  until {month}]
- [Lost: one {color} {cloth}|Mind your {headpart}!|No {gerund_sign}|This way to the {event}|Fresh
  {food} here]
- [Wanted: a {person} {job}|Home of the {h_any}|Quiet, please!|Open every {weekday}|Wet {stuff}!]
snack_cap:
- {foodthing.s}
gerund_sign:
- {playact.g}
h_any:
- [{size} {wildanimal}|{looks} {job}|{color} {tree}|{hy_count} {furniture_hy}]
"""

TALK = """
MeetFriend:
- {when_then}, {h} met {f} {place.at}. <h|{Hello}, {f.v}! What are you doing?> <f|I am {work.g}.
  Do you want to {pastime}?>
- {Then} {f} came [by|along|around the corner|over|out of the {building}]. <f|{Hello}! Can I [come
  with you|help|play too]?>
- {h} was not alone. {h}'s friend had come too: {f}. <f|Let us {pastime}!> <h|[Yes|Good idea|
  Okay]! But [first|then] we {chore}.>
- {f} was {work.g} [near|by|behind] the {naturething}. <f|{Hello}! [Is that your {own}|What a
  {weather} day]! Let us {playact}!>
- {h} [called|waved to|ran to] {f}. {F} had {adj_have} [and|with] a {look_thing} {keepsake}. <f|
  {interj}, {h.v}! Look at this!>
- {f} [lived next door|lived {place.at}|came every {weekday}]. <f|I brought {snack_or_food}. Do
  you want some?> <h|[Yes, please|{interj}, yes]!>
when_then:
- [that day|there|soon|first|that {daypart}|a little later|just then|after breakfast]
adj_have:
- [{color} {pairs}|a {color} {cloth}|a {size} smile|{number} {foodthing.s}|a {container} of
  {many}|{stuff} on {f.his} {headpart}]
Chat:
- <f|[Did you know that|Someone told me that|My {family} says] {fact}.> <h|[Really|Is that true|
  Who told you that]?>
- <f|What do you like [best|more], {foodthing.s} or {foodthing.s}?> <h|I like {food}[| best| with
  {food}| when it is {taste}].>
- <h|When I grow up, I want to be a {job}.> <f|I want to be a {job}[| or a {job}| and have
  {bignumber} {petanimal.s}]!>
- <h|[Look|{interj}]! [That cloud looks|This {naturething} looks] like a {anything}!> <f|[No|I
  think] it looks like a {anything}!>
- <f|[Once|Last {weekday}|Yesterday] I [saw|dreamed of|met] a {size} {anything} {place.at}.> <h|I
  do not believe you!>
- <f|Why do {wildanimal.s} {animalact}?> <h|[Maybe|Because] they are {feeling_any}[.| or
  {feeling_any}.]>
- <h|Knock, knock.> <f|Who is there?> <h|A {anything}!> They [laughed|giggled] until [it hurt|they
  had to sit down].
- {f} told {h} a [joke|story|riddle] about a {anything} that could {playact}. [They laughed and
  laughed.|It was very {quality}.]
- <f|How many {many} can you carry?> <h|[Maybe {bignumber}|{number}, I think|More than you].>
- <f|My {family} has a {look_thing} {vehicle}.> <h|My {family} has a {petanimal} that can
  {playact}.>
- They [talked|argued|chatted] about [{wildanimal.s} and {wildanimal.s}|{many}|which {foodthing}
  was the {taste.t}].
- They played {game} [for a while|{place.at}|with {many}], and {f} [won|lost|cheated a little].
- <h|My {petanimal} is {adj.r} than yours.> <f|No, mine is {adj.r}! And it can {playact}.>
- They made up a song: "{noisework}, {noisework}, {noisework}, here comes the {anything}!"
- <f|Are you {feeling_any}?> <h|[A little|Only when it is {weather}|No, not at all].>
- <h|I [spy|see] something {color}.> <f|Is it [a|the] {anything}?> <h|No[|, it is a {anything}]!>
- <f|If you had three wishes, what would you wish for?> <h|{many}, a {anything} and [more wishes|
  {virtue}|a {toy}].>
adj:
-
  [big|small|fast|old|nice|strong|soft|smart|tall|loud|brave|funny|quick|young|sweet|{person}|{animal}]
anything:
- {wildanimal}
- {toy}
- {vehicle}
- {foodthing}
- {monster}
- {job}
- {cloth}
- {building}
- {tool}
- {keepsake}
- {furniture}
- {petanimal}
feeling_any:
- {good_feeling}
- {bad_feeling}
fact:
- [{wildanimal.s} never {animalact}|{wildanimal.s} have {number} {pawpart.s}|{wildanimal.s} can
  {playact}]
- [the {tree} {place.at} is {bignumber} years old|there is a {creature} {place.at}|{monster.s} eat
  {food}]
- [a {wildanimal} is {adj.r} than a {wildanimal}|{food} is good for your {bodypart.s}|{job.s} like
  {food}]
- [in {inventedplace} nobody sleeps|there is gold under the {building}|{many} grow on {tree.s}]
- [the {size.t} {wildanimal} in the world {animalact.z}|my {family} was a {job} once|it
  {weather_verb} in {month}]
- [the moon is made of {food}|{color} {flower.s} bring luck|nobody can eat {bignumber}
  {foodthing.s}]
Greet:
- <k|{Hello}, {h.v}. [Why are you {bad_feeling}|What is wrong|What happened|Are you all right|How
  are you]?>
- <k|{Hello}, {dear}. You look {bad_feeling}. [Tell me what happened.|What is the matter?|Can I
  help you?]>
- {k} was {work.g} [near by|in the {placeword}|on the {furniture}|outside]. <k|[What is it,
  {dear}|You look {bad_feeling}, {h.v}]. Come here.>
- {Then} {k} [came in|came by|looked up|put down a {tool}|stopped {work.g}]. <k|[Why the long
  face|What is the trouble|What is going on here]?>
- {K} saw that {h} was {bad_feeling} and came closer. <k|{interj}, {h.v}! [Who made you cry|What
  is the matter]?>
Thank:
- <h|Thank you[| so much| very much], {k.v}!> <k|You are welcome, {dear}.>
- <h|[Thank you|Thanks], {k.v}! You are [the best|so {person}|a real friend]!>
- {h} [hugged|thanked] {k}[| and gave {k.him} a {foodthing}| again and again]. <k|[It was nothing|
  Any time|That is what friends are for], {dear}.>
- {h} gave {k} a [big|{size}|{adj_hug}] hug. {K} [smiled|laughed|patted {his} head].
- <h|How can I thank you?> <k|[Just|Only] {moralact}[, {dear}|].>
adj_hug:
- [big|long|warm|happy|sticky|wet|tight]
ThankF:
- <h|Thank you, {f.v}! You are [my best friend|so {person}|a real friend|the {person.t} friend
  ever]!>
- {h} hugged {f}. <f|That is what friends are for!>
- {h} and {f} [shook hands|hugged|danced in a circle|clapped] and {react_happy}.
- <f|We did it[| together], {h.v}!> <h|[Yes|Hooray|Yay], we did!>
"""

SPEECH = """
say_plain:
- 12* {say.d}
- 2* {saysoft.d}
say_question:
- {ask.d}
say_loud:
- {cry.d}
say_tail:
- 14*
- 2* ~{manner.ly}
- ~with a {react_noun}
- , {look.g} at the {thing_near}
- ~and {gesture.d}
- , {gesture.g}
say_way:
- 12*
- 2* ~{manner.ly}
- ~in a {voiceadj} voice
- ~with a {react_noun}
- ~and {gesture.d}
voiceadj:
-
  [loud|soft|small|quiet|low|high|sweet|funny|sharp|gentle|cheerful|deep|hoarse|kind|tired|shaky|calm|{bad_feeling}]
react_noun:
-
  [smile|smile|laugh|sigh|grin|nod|frown|giggle|wink|shrug|sniff|gasp|yawn|shiver|bow|wave|sob|chuckle|groan]
thing_near:
-
  [sky|ground|{naturething}|{furniture}|clouds|floor|{tree}|{keepsake}|door|stars|others|{building}]
say_action:
- 4* {gesture.d}
- {gesture.d} and {gesture.d}
- put [a hand on {s.his} {headpart}|down the {tool}|away {s.his} {keepsake}|on {s.his} {cloth}]
- scratched {s.his} {headpart}
- looked [at the {thing_near}|around|up|down|{manner_look}]
- {go.d} [closer|over|back|away a little|around the {furniture}|up and down]
- {hold.d} {s.his} {cloth}
- took a [deep breath|step back|bite of {food}|look at the {thing_near}]
- [clapped|rubbed|folded|raised|held up] {s.his} hands
manner_look:
- [{bad_feeling}|{good_feeling}|thoughtful|puzzled|serious]
"""

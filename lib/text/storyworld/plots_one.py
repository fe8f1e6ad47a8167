"""Plots, first part: things lost, broken, wanted and feared."""

from __future__ import annotations

PLOTS = """
lost: Open Legend?40 SoloPast?30 PlainH?30 DuoPast?15 Both?15 / LostLove TalkK?10 SoloPast?9
  DuoPast?11 Both?11 / LostGone Bad?40 SoloPast?9 DuoPast?11 Both?11 / LostSearch LostSearch?60
  PlainH?22 Both?30 LostSearch?20 / MeetFriend?20 Greet?35 LostAsk / LostHint?70 LostFound Good?40
  / Thank?35 OwnLater?10 Moral?45 DuoPast?26 Both?26 End?50
broken: Open Legend?40 SoloPast?30 PlainH?30 DuoPast?15 Both?15 / BrokenHave Chat0?60 BrokenSnap
  Bad?40 SoloPast?9 DuoPast?11 Both?11 / Think?10 BrokenTry BrokenTry?30 SoloPast?9 DuoPast?11
  Both?11 / Greet?35 BrokenTell BrokenFix Detour?15 / BrokenDone?70 Good?35 Thank?25 Moral?45
  DuoPast?26 Both?26 End?50
share: Open Legend?40 SoloPast?30 PlainH?30 DuoPast?15 Both?15 / ShareHave MeetFriendPlain
  SoloPast?15 PlainH?11 / ShareNo ShareFight Bad?30 SoloPast?15 PlainH?11 / ShareHappen Think?10 /
  ShareYes ShareTogether DuoPast?45 TalkF?15 DuoPast?26 Both?26 Good?40 / Moral?45 DuoPast?26
  Both?26 End?50
fear: Open Legend?40 SoloPast?30 PlainH?30 DuoPast?15 Both?15 / FearWhat SoloPast?15 PlainH?11 /
  FearLaugh?40 FearCall Bad?35 SoloPast?15 PlainH?11 / Greet?30 FearTell FearAdvice?70 /
  OwnLater?20 FearTry FearDo Good?35 / Thank?30 DuoPast?45 TalkF?15 DuoPast?26 Both?26 Moral?45
  DuoPast?26 Both?26 End?50
rescue: Open Legend?40 Own?15 SoloPast?30 PlainH?30 DuoPast?15 Both?15 / Detour?15 RescueHear
  RescueSee Think?10 SoloPast?9 DuoPast?11 Both?11 / RescueTry RescueCall SoloPast?9 DuoPast?11
  Both?11 / RescueWork RescueFree Good?40 / RescueThanks Moral?45 DuoPast?26 Both?26 End?50
"""

RULES = """
LostLove:
- {H} had a {thinglook} {thing}. [It was {his} favorite.|{His} {family} had made it.|{H} loved it
  very much.]
- {His} [best|favorite|dearest|most precious] thing was a {thinglook} {thing}[| that came from
  {townname}| with {many} on it].
- For {his} birthday, {k} had given {him} a {thinglook} {thing}. {H} [took it everywhere|looked at
  it every night].
- {H} [liked|loved] to {hold} {his} {thinglook} {thing} [in bed|on the {furniture}|when it was
  {weather}].
- {H} had [bought|made|found] a {thinglook} {thing} {place.at}. [Nobody else had one like it.|It
  was almost new.]
LostGone:
- But {when}, the {thing} was [gone|not there|lost]! {h} looked [{hiding.at}|again], but it was
  not there.
- {when}, {h} [wanted|went] to get {his} {thing}. [But it was gone!|The {container} was empty!|It
  was not there!]
- When {h} [came home|woke up|looked up] {wh.at}, {he} could not find {his} {thing}. <h|{interj}!
  Where is my {thing}?>
- But after {game} {wh.at}, {h} {react.d}. <h|My {thing} is gone! I had it [a minute ago|before
  lunch|in my {container}]!>
- {Then} {h} put {his} hand in {his} {container}. [There was a hole in it!|No {thing}!] <h|I lost
  my {thing}!>
LostSearch:
- {H} looked {hiding.at}. There was [only a {look_thing} {anything}|only {stuff}|a {state}
  {cloth}|nothing], but no {thing}.
- {H} [searched|looked] {room.at} and {room.at}. {H} found {number} {many}, but not the {thing}.
- {H} {go.d} {place.to}. <h|[Is it|Could it be|Maybe it is] {hiding.at}?> It was not[|. There was
  only a {wildanimal}].
- {H} [lifted|moved|pushed away] the {furniture} [and the {furniture}|] and looked under it.
  [Nothing!|Only {stuff}.|A {foodthing}!]
- {H} asked a {job} {place.at}. <h|Have you seen a {thinglook} {thing}?> The {job_} [shook a sad
  head|had not seen it].
- {H} looked {hiding.at}, {hiding.at} and even {hiding.at}. [The {thing} was not there.|Nothing,
  nothing, nothing!]
- {H} asked the {wildanimal.s} {place.at}, but they only {animalact.d}.
job_:
- [man with the {tool}|{person} one|other one|lady with the {container}|stranger]
LostAsk:
- <h|I [lost|cannot find] my {thing}. I have looked [everywhere|{hiding.at} and {hiding.at}].> <k|
  Do not [cry|worry|be sad|give up]. [Let us look together.|Where did you play last?]>
- <h|My {thinglook} {thing} is gone!> <k|[When did you see it last|Where were you {work.g}|Think,
  {dear}. Where did you go]?>
- {h} told {k.him} about the {thing}. <k|[When I lose something|If I were a {thing}|Well], I [go
  back to where I was|would hide {hiding.at}].>
- {h} {react.d} and told {k} [everything|about the {thing}|where {he} had looked]. <k|[Two look
  better than one|I will help you]. Come on!>
LostHint:
- <h|I was {wh2.at}! I {playact.d} there [this morning|before dinner|with the {wildanimal.s}]!>
  They {go.d} {wh2.to}.
- {Then} {h} remembered: {he} had been {wh2.at}. They {go.d} [there|back] as fast as they could.
- They {go.d} {wh2.to}[| and {wh.to}] and looked [around|everywhere|under every {naturething}].
- <k|I saw a {bird} with something {color} in its beak. It flew {wh2.to}!> They [ran|hurried]
  after it.
LostFound:
- There, {hiding.at}, was the {thing}! It was a bit {state}[, but {h} did not mind|, but not
  {state}|].
- And what was that {hiding.at}? The {thinglook} {thing}! <h|I found it!>
- A {animal1} was {animalact.g} [near by|under a {tree}]. Next to it was the {thing}! [It had only
  wanted to play.|]
- {h} [pulled|lifted|pushed aside] a {naturething}. The {thing} had been under it all the time!
- The {thing} was in the {tree1}! A {bird} had [used|taken] it for its nest. {k} got it down with
  a {tool}.
BrokenHave:
- {k} had a {thinglook} {thing}. [It was very {quality}|Nobody was allowed to touch it|It stood on
  the {furniture}].
- There was a {thinglook} {thing} {room.at}. It [belonged to|was a gift from] {k}[|, and it was
  old].
- {h} and {f} were playing {game} {room.at}, [next to|right by] the {thinglook} {thing} of {k}.
- {h} wanted to {hold} the {thinglook} {thing} that belonged to {k}. [Just once!|It looked so
  {quality}.]
Chat0:
- <k|[Please|Be good and] do not touch it, {h.v}. It [can break|is very old|is not a toy].> <h|I
  promise!>
- <f|[Do not touch it|Be careful], {h.v}!> <h|I only want to look.>
- {h} [looked|listened] to see if anyone was coming. [Nobody was there.|The house was quiet.]
- {h} {go.d} around it [once|twice|three times], closer and closer.
BrokenSnap:
- {h} {hold.d} it. {noisework}! It {fall.d} off the {furniture} and [broke|broke into {number}
  pieces|cracked|bent].
- But {h} [slipped|tripped|turned too fast]. {noisework}, {noisework}! The {thing} was
  {broken_state}.
- {Then} there was a {soundadj} {sound}. {H} had [{break.d}|{break.d}] the {thing}! The {part}
  [came off|was gone].
- {H} pulled too hard, and the {part} of the {thing} came off in {his} hand.
- A {petanimal} ran through the room and knocked over the {furniture}. {noisework}! The {thing}
  {fall.d} on the floor.
broken_state:
- [broken|cracked|in pieces|bent|ruined|torn|in {number} pieces|dented]
BrokenTry:
- {h} tried to {care} it with {material} and {stuff}. [It fell apart again.|It looked worse than
  before.|It did not hold.]
- First {he} took a {tool}, then some {stuff}. [The {part} would not stay on.|But {his} fingers
  stuck together.]
- {H} put the pieces [in a {container}|under the {furniture}|back together] and hoped that nobody
  would [see|ask].
- {H} [tied|taped|pushed] the {part} back on. {noisework}! It came off again.
- <f|Maybe we can {care} it with {stuff}.> They tried, but [it only got {state}|the {part} was too
  {state}].
BrokenTell:
- <h|I broke the {thing}. I am so sorry, {k.v}!> <k|Thank you for telling me[| the truth]. That
  was {person}.>
- {h} wanted to say that the {petanimal} had done it. But {he} told the truth. <k|I am glad you
  told me.>
- <h|It was me. I {break.d} it.> {k} [was quiet for a bit|took a deep breath|sat down]. <k|[Well|
  Now], let us see what we can do.>
BrokenFix:
- {k} got a {tool}, a {tool} and some {stuff}. Together they {buildverb.d} and {buildverb.d} [all
  {daypart}|until it was dark].
- <k|[Hold|Bring me] the {tool}, please.> {h} held the {part} while {k} {buildverb.d} it[| with
  care| very {manner.ly}].
- They {care.d} every piece[| {manner.ly}], and {h} [handed over|counted|held] the {tool.s}.
- <k|[First|Now] we {buildverb} the {part}. Then we wait [for {a_time}|until it is dry].> {h}
  watched [with big eyes|very {manner.ly}].
BrokenDone:
- At last the {thing} was whole again. It [was not as {look_thing} as before|had a small
  {mishap}], but it was even more special.
- <k|There! As good as new[|, or almost].> There was a {mishap} on the {part}, and they [painted a
  {flower} on it|left it there].
- [In the end|After {hy_digit_time_spell}], it [worked|stood|looked fine] again. You could hardly
  see the {mishap}.
hy_digit_time_spell:
- [an hour|{number} hours|much work|a whole {daypart}]
ShareHave:
- {h} had [got|been given] a [new|{thinglook}] {thing} from {his} {family}. {H} did not want
  anyone to touch it.
- {H} had a [whole|{size}] {container} of {snack1.s}. They were {taste} and {taste}, and {h}
  [loved|wanted] them all[| for {himself}].
- {when}, {h} took {his} {thinglook} {thing} {wh.to}. <h|It is mine, [only mine|all mine|and
  nobody may touch it]!>
- {h} had the best {thing} {place.at}, and {he} knew it. {H} showed it to [everyone|the
  {wildanimal.s}|every {job}].
MeetFriendPlain:
- {f} came to play. <f|{interj}! [May|Can] I [try|have|hold|see] it?>
- {f} [looked|{look.d}] at it with big eyes. <f|That is {quality}! Can we [share|take turns]?>
- Then came {f}, who had no {toy} and no {snack1}. <f|{Hello}, {h.v}! [Can I play too|May I have a
  turn|Will you share]?>
ShareNo:
- <h|No! It is mine!> {h} held it [tight|behind {his} back|up high|under {his} {cloth}].
- <h|[No, you will break it|No, go away|Maybe tomorrow|Get your own]!> {f} [looked|was]
  {bad_feeling}.
- {h} shook {his} head. <h|I do not [like to share|want to].> {f} {react.d} and [sat on a
  {naturething}|went away].
ShareFight:
- {f} pulled, and {h} pulled back. <f|Let go!> <h|You let go!>
- <f|You are [not a good friend|{person_bad}]!> {f} [turned away|{go.d} off|began to {pastime}
  alone].
- They [shouted|argued|fought] until a {job} looked out of a {vehicle}. <h|It is mine, mine,
  mine!>
- So {f} played {game} with {o} instead. They {playact.d} and laughed, and {h} [sat alone|heard it
  all].
ShareHappen:
- But it was no fun to be alone. {h} [looked at|held] what {he} had and {react.d}.
- {Then} {noisework}! {h} {fall.d} into the {stuff}. {f} came [running|back] at once and helped
  {him} up.
- {h} had [too much|nobody to show it to|a tummy ache|nobody to play with]. It did not feel good
  at all.
- {h} watched the others. They [had only {many}|had nothing but a {naturething}], but they [were
  having fun|were all {good_feeling}].
- {k} had seen it all. <k|{wisdom}> {h} [looked down|knew what that meant|turned [red|pale|pink|
  white]].
ShareYes:
- <h|I am sorry, {f.v}. [Do you want a turn|We can share|You go first].> <f|[Really|Are you sure]?
  Thank you!>
- {H} went to {f}. <h|I was {person_bad}. Here, [take it|it is your turn|half is for you].> {f}
  {react_happy}.
- {H} [broke|cut] {his} {foodthing} in two and gave {f} the bigger half. <h|I am sorry.> <f|That
  is okay.>
ShareTogether:
- They took turns. First {f}, then {h}, then {f} again. It was [more fun|much better] [with two|
  than alone].
- Together they {playact.d}, {playact.d} and {playact.d} until [dinner|the sun went down|it
  {weather_verb}].
- {h} and {f} [made up a new game|played {game}|sat under a {tree} and shared {snack_or_food}].
- They invited {o} too. [The more, the merrier!|Now they were three.|Soon everyone was laughing.]
FearWhat:
- {h} was afraid of {fear1}. When {he} [saw|heard of|thought of] {fear1}, {he} [hid {hiding.at}|
  {react.d}|ran away].
- There was one thing that {h} did not like: {fear1}. [It made {him} feel {bad_feeling}.|{H} had
  never told anyone.]
- {h} could {playact} and {playact}, but {he} was [scared of|afraid of] {fear1}[| and {fear2}].
FearLaugh:
- {o} laughed. <o|Who is afraid of {fear1}? A baby!> That made {h} even more {bad_feeling}.
- <o|I am not afraid of anything[|, not even of {monster.s}]!> {h} [said nothing|looked at {his}
  toes|felt small].
- Everyone else {place.at} [thought|said] that {fear1} [was fun|were nothing].
FearCall:
- {when}, {f} came. <f|Come with me {wh.to}!> But {h} thought of {fear1} and [shook {his} head|
  stayed at home].
- {when}, everyone went {wh.to}. But {h} [could not go|did not dare], because of {fear1}.
- {when}, {his} {petanimal} [ran|got lost] {wh.to}. {h} had to go after it, but what about
  {fear1}?
FearTell:
- <h|I am afraid of {fear1}.> <k|Everyone is afraid of something. I [am|was] afraid of {fear2}.>
- {h} [whispered|told {k.him}] that {he} was scared of {fear1}. {k} did not laugh.
- <h|You will laugh at me.> <k|I will not.> So {h} told {k.him} about {fear1}.
FearAdvice:
- <k|[When I am scared|If you feel {bad_feeling}], [count to {number}|sing a song|hold my hand|
  think of {many}]. That helps.>
- <k|Being brave does not mean that you are not scared. It means that you try.> {h} thought about
  that.
- <k|Take [one small step|a deep breath] [at a time|first]. And take this {look_thing} {keepsake}
  for luck.>
- {k} gave {him} a {look_thing} {keepsake}. <k|A {person} {job} gave me this [long ago|in
  {townname}]. It makes you brave.>
FearTry:
- So {h} went {wh.to}. {His} {bodypart_s} shook. {H} counted: one, two, three[|, four][|, five].
- The next {weekday}, {h} [tried|took one small step]. {H} sang [a song about a {wildanimal}|very
  loudly] and [went on|did not look back].
- {H} held {f}'s hand and [took one step|shut {his} eyes]. Then another. And another.
- {H} [wanted|nearly started] to run away. But {he} thought of what {k} had said and [stayed|went
  on].
FearDo:
- And [nothing bad happened|it was not so bad|{he} did it]! <h|I did it! I am not [afraid|scared]
  any more!>
- {Then} {he} [opened {his} eyes|looked around] and {react_happy}. {fear1_cap} [did not look so
  bad now|did not scare {him} now].
- It was {quality}, even a little {quality}. <f|You did it, {h.v}! You are [so brave|braver than a
  {wildanimal}]!>
fear1_cap:
- {fear1}
RescueHear:
- {Then} {h} heard a {soundadj} {sound}. [It came from the {naturething}|What was that|Someone was
  in trouble].
- "{animalnoise}! {animalnoise}!" [What was that?|The {sound} came from {hiding_n}.] {h} [stopped|
  listened|ran there].
- [That day|That morning|Later that day|A little later], {h} was {playact.g} {wh.at} when {he}
  heard [someone crying|a {soundadj} {sound}].
hiding_n:
- [behind a {naturething}|under the {furniture}|the top of the {tree1}|the {building}|the
  {vehicle}]
RescueSee:
- A {animal1} was stuck [in a {stuckplace}|under a {stuckplace}|between two {naturething.s}]! It
  looked {bad_feeling} and {bad_feeling}.
- There, in a {stuckplace}, sat a [baby|little|{animal}] {animal1}. <h|You poor thing! [Are you
  hurt|How did you get there]?>
- A little {animal1} had {fall.n} into a {stuckplace}. Its {legpart} was [hurt|caught|stuck], and
  it could not [get out|{animalact}].
- {H} saw a {animal} {animal1}. Its {legpart} was caught in a {stuckplace}. It {struggle} and
  pulled, but it could not get away.
stuckplace:
-
  [hole|net|fence|well|bush|box|trap|ditch|pipe|log|tree|bucket|puddle|{container}|vine|rope|pot|gate]
RescueTry:
- {h} pulled and pulled. [It did not move.|The {animal1} was too heavy.|It {struggle} and was
  afraid.]
- {H} tried to {reach} it with a {tool}, but it was too [short|weak|{state}].
- First {h} {buildverb.d} a {furniture} to stand on. {noisework}! It {fall.d} over.
- {H} [gave|offered] it a {foodthing}, but the {animal1} was too [scared|{bad_feeling}] to [eat|
  come out].
- <h|Do not be afraid. I will [help you|get you out].> But {his} arms were too short.
reach:
- [reach|lift|free|pull|push|hook|catch]
RescueCall:
- <h|I need help! Wait here, little {animal1}!> {H} {go.d} to find {k}.
- {h} [called|shouted] for help. {k} heard {him} and came with a {tool} and a {tool}.
- <h|[Oh no|Quick|Hurry|Please|Hey]! [Help|Come here]!> {f} came running, and so did {k}.
- {H} ran to {k} and told {k.him} about the {animal1}. <k|We must [hurry|be very quiet|bring a
  {tool}]!>
RescueWork:
- {k} held the {tool}, and {h} [pulled|climbed up|dug|talked to the {animal1}]. <k|{gently},
  {gently}!>
- They tied a {rope} around a {tree}. {h} went down {manner.ly}, [step by step|inch by inch], and
  [took|held] the {animal1}.
- Together they {lifted} the {naturething}. <k|One, two, three, pull!>
- They cut [the {rope}|a hole|the {naturething}] with a {tool}[| and a {tool}], little by little.
  <h|[Almost there|Just a bit more]!>
gently:
- [slowly|gently|carefully|softly|easy|steady|not so fast|a little more|quietly]
struggle:
-
  [kicked|squeaked|cried|trembled|shook|wriggled|called|jumped|whined|struggled|fought|moaned|howled]
legpart:
- [leg|foot|tail|head|left leg|right foot|back]
rope:
- [rope|{cloth}|string|chain|vine]
lifted:
- [lifted|pushed|rolled|moved|pulled]
RescueFree:
- {noisework}! The {animal1} was free! It [ran|danced|jumped|went] around {his} legs and [licked
  {his} {bodypart}|made a {soundadj} {sound}].
- At last the {animal1} came out. It was {state} and {state}, but it [was safe|could walk|was not
  hurt].
- It was out! {h} [wrapped it in|gave it] a {cloth} and [gave it|fed it] {food}. <k|It will be
  fine[| in a day or two].>
RescueThanks:
- From then on, the {animal1} [came to visit {him} {frequency}|followed {him} everywhere|was {his}
  friend].
- The {animal1} [looked back once|{animalact.d} {number} times] and {go.d} [home|away|off] to its
  family {place.at}.
- The next day, there [was a {look_thing} {naturething}|were {number} {many}] in front of {his}
  door. A gift from the {animal1}!
- {h} named [it|the little {animal1}] {pet} and took care of it until it was [strong|well|big]
  again.
"""

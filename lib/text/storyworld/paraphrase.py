"""Phrases that may be put otherwise anywhere: every rule's text gets its alternatives from here."""

from __future__ import annotations

import re
from functools import cache

# Each line is one set of equals; the first is what the rules say, repeats make a phrasing likelier.
EQUALS = """
Then there was|Then there was|Then came|All at once there was|Suddenly there was
From that day on|From that day on|After that|Ever since|From then on|From that day
took a deep breath|took a deep breath|breathed in deeply|took a long breath|took a breath
did not give up|did not give up|didn't give up|kept trying|went on trying|never gave up
in front of|in front of|in front of|before
came running|came running|ran up|came at once|hurried over|came quickly
as fast as|as fast as|as quickly as
went home|went home|walked home|ran home|hurried home|went back home
the others|the others|the other children|everyone else
was quiet|was quiet|was silent
looked like|looked like|looked just like|was like
looked around|looked around|looked about|looked all around|turned around
ran to|ran to|ran to|hurried to|rushed to|raced to
sat down|sat down|sat down|sat
thought about it|thought about it|thought it over|thought hard about it
shook {his} head|shook {his} head|shook {his} head|said no
did not know what|didn't know what|did not know what|had no idea what
did not know where|didn't know where|did not know where|had no idea where
Where is my|Where is my|Where's my|Where did I put my|Who took my
I am sorry|I am sorry|I'm sorry|I'm so sorry|I'm very sorry|Sorry
I am so sorry|I am so sorry|I'm so sorry|I feel so bad|I'm really sorry
I want to|I want to|I want to|I'd like to|I wish I could
Do you want to|Do you want to|Do you want to|Would you like to
What are you doing|What are you doing|What are you up to
What is wrong|What is wrong|What's wrong|What is it
What is the matter|What is the matter|What's the matter|What's up
Can I|Can I|May I|Could I
Can you|Can you|Could you|Will you
I think|I think|I guess|I believe
You look|You look|You look|You seem
Come on|Come on|Come along|Come
In the evening|In the evening|When it got dark|At the end of the day|That evening
That night|That night|That night|That evening|At bedtime
a bit|a bit|a little
for a while|for a while|for some time|for a bit|a while
far away|far away|far off|a long way off
full of|full of|filled with
made of|made of|made from|made out of
and then|and then|then|and after that
because of|because of|because of|on account of
because {he}|because {he}|since {he}
because it|because it|since it
the whole|the whole|the entire
happy ever after|happily ever after|in peace|happy ever after
fell asleep|fell asleep|went to sleep|dozed off
In the morning|In the morning|The next morning|When the sun came up
at home|at home|at home|in the house
clapped|clapped|clapped|cheered
best friends|best friends|best friends|close friends|the best of friends
was very happy|was very happy|was so happy|felt very happy
too much|too much|too much|far too much
for ever|forever|for ever|always
not far from|not far from|near|close to
I can do it|I can do it|I know how|I can
it was time to|it was time to|they had to
tummy|tummy|belly|stomach
the sun came out|the sun came out|it was sunny again
dinner|dinner|dinner|supper
bigger and bigger|bigger and bigger|larger and larger
a long time|a long time|a very long time|ages
once more|once more|once again|one more time
fell down|fell down|fell
They laughed and laughed|They laughed and laughed|They couldn't stop laughing|How they laughed
took turns|took turns|took turns|went one after the other
very|very|very|so|really|quite
very much|very much|so much
very well|very well|so well
very, very|very, very|so, so
Do not|Don't|Do not|Don't
afraid of|afraid of|scared of|frightened of
the children|the children|the kids
they all|they all|all of them
all the children|all the children|all the kids
all the time|all the time|the whole time
a lot|a lot|a great deal
did not|did not|didn't
could not|could not|couldn't
was not|was not|wasn't
would not|wouldn't|would not
do not|don't|don't|do not
cannot|can't|cannot
I am|I'm|I am
You are|You're|You are
you are|you are|you're
it is|it's|it is
It is|It's|It is
Let us|Let's|Let's|Let us
I will|I'll|I will
We can|We can|We could
That is|That's|That is
What is|What's|What is
There is|There's|There is
Where is|Where is|Where's
has not|hasn't|has not
had not|had not|hadn't
began to|began to|started to|started to
nobody|nobody|no one
everyone|everyone|everyone|everybody
someone|someone|somebody
maybe|maybe|perhaps
Maybe|Maybe|Perhaps|Maybe
At last|At last|Finally|In the end
at last|at last|finally
until|until|until|till
again and again|again and again|over and over|over and over again
right away|right away|at once|straight away
looked at|looked at|looked at|stared at|gazed at
wanted to|wanted to|wanted to|wanted to|wanted to|wanted to|hoped to|longed to|wished to
all day|all day|all day long|the whole day
next to|next to|beside|close to
little by little|little by little|bit by bit
for a long time|for a long time|for a very long time|for ages
any more|anymore|any more
Thank you|Thank you|Thank you|Thanks
thank you|thank you|thank you|thanks
was gone|was gone|was gone|had disappeared|had vanished
a lot of|a lot of|lots of|plenty of
as soon as|as soon as|the moment
the next day|the next day|the next morning|the day after
The next day|The next day|The next morning|The day after
Everyone|Everyone|Everybody|Everyone
Nobody|Nobody|No one
had an idea|had an idea|had an idea|got an idea|had a good idea
so that|so that|so
laughed|laughed|laughed|giggled
sad|sad|sad|unhappy
beautiful|beautiful|pretty|lovely
big|big|big|big|large
small|small|small|little|tiny
shouted|shouted|yelled|called
cold|cold|cold|freezing|chilly
everywhere|everywhere|everywhere|all over the place
suddenly|suddenly|all of a sudden
only|only|only|just
"""


@cache
def _pattern() -> tuple[re.Pattern, dict[str, str]]:
    table = {}
    for line in EQUALS.split("\n"):
        if line:
            phrase, *ways = line.split("|")
            table[phrase] = "[" + "|".join(ways) + "]"
    longest_first = sorted(table, key=len, reverse=True)
    # Not inside a slot, not part of a longer word or of a compound.
    body = "|".join(re.escape(phrase) for phrase in longest_first)
    return re.compile(rf"(?<![\w{{.'-])(?:{body})(?![\w}}'-])"), table


# Pattern and what takes its place. Optional words make the text less of a mould.
_WHO = r"\{(?:[HhFfKkOo]|[fko]\.he|he|He)\}"
_VERB = (
    r"(?=(?:(?!need|want|lik|lov|nam|liv|look|seem|notic|learn|remember|believ|wish|hop)"
    r"[a-z]{2,}ed(?! in\b)|took|gave|ran|put|got|went|came|sat|drew|dug|ate"
    r"|sang|threw|hid|stood|cut)\b"
    r"|\{[a-z]+\.d\})"
)
_EARLY = "[" + "|" * 16 + "quickly |slowly |quietly |{manner.ly} |{manner.ly} |{manner.ly} ]"
SHAPES: tuple[tuple[str, str], ...] = (
    (rf"(?<![\w\]}}] )({_WHO}) {_VERB}", rf"\1 {_EARLY}"),
    (r"\b(said|knew|thought|hoped|saw|wished|remembered) that (?=\{he\}|it\b)", r"\1 [that |]"),
    (r"(?<=\}) that \{he\} (?=could|had|began|did|wanted)", r" [that |]{he} "),
    (r"\blooked (?=(?:in|under|behind|up|down|out|into|over)\b)", "[looked|looked|peeked|peered] "),
    (
        r"\bran (?=(?:to|out|after|away|off|back|past|down|up)\b)",
        "[ran|ran|ran|raced|rushed|hurried] ",
    ),
    (r"\bwent to the (?=[\[{]|[a-z]+ |[a-z]+\.)", "[went|went|walked|headed|went over] to the "),
    (r"\b(loved|liked) to\b(?! see| have)", "[loved|liked|loved|liked|really liked] to"),
    (r"\bsaw (?=(?:an?|the|some|something|\{)\b)", "[saw|saw|saw|noticed|spotted] "),
    (r"\bput (?=(?:it|them|the|some|\{np_thing\}|\{number\})\b)", "[put|put|set|placed] "),
    (r"\bgave \{(him|k\.him|h|f|k)\} (?=(?:the|some)\b)", r"[gave|gave|handed] {\1} "),
    (r"\btried again\b", "[tried again|tried again|had another try]"),
    (r", but (?=\{he\}|it\b|they\b|nobody\b|no one\b)", ", [but|but|but|yet] "),
    (r", so\b(?! (?:that|do|[a-z]+ly)\b)", ", [so|so|so|and so]"),
    (r"\. But (?=[a-z{\[])", ". [But|But|But|Still,|And yet] "),
    (r"\bcame back\b", "[came back|came back|returned]"),
    (r"\bcame in\b", "[came in|came in|walked in]"),
    (r"\bgood (?=(?:day|friend|idea|time|thing)\b)", "[good|good|good|fine|great|nice] "),
    (r"(?<=a )little (?=\{)", "[little|little|little|small|tiny|] "),
    (r"\bnothing happened\b", "[nothing happened|nothing happened|there was nothing]"),
    (r"\bwith big eyes\b", "[with big eyes|with wide eyes|wide-eyed|with round eyes]"),
    (r"\bnever seen\b", "[never|never|never before|not] seen"),
)


@cache
def _shapes() -> tuple[tuple[re.Pattern, str], ...]:
    return tuple((re.compile(pattern), ways) for pattern, ways in SHAPES)


def vary(text: str) -> str:
    """Rule text with the phrases of the table and the shapes replaced by their alternatives."""
    for shape, ways in _shapes():
        text = shape.sub(ways, text)
    pattern, table = _pattern()

    def replace(found: re.Match) -> str:
        ways = table[found[0]]
        # "What it is." and "Yes, I am." are not shortened.
        if "'" in ways and text[found.end() : found.end() + 1] != " ":
            return found[0]
        return ways

    return pattern.sub(replace, text)

"""Adjectives by what they may describe, and adverbs; the commonest of each class first."""

from __future__ import annotations

ADJECTIVES = {
    "adj": """
big small fast old nice strong soft smart tall loud brave funny quick young sweet heavy clean
slow clever quiet pretty light warm round hairy busy wild noisy shy gentle lazy hungry fierce
""",
    "size": """
big little small tiny huge tall long large short giant enormous wide thick thin great massive
gigantic mighty narrow broad miniature teeny vast immense giant-sized colossal towering slender
stout bulky medium-sized oversized petite
""",
    "color": """
red blue green yellow white black brown pink orange purple golden gray silver striped spotted
light_blue dark_green bright_red rosy pale_yellow cream turquoise violet scarlet crimson lavender
tan beige maroon copper sky-blue snow-white lime-green ruby-red peach rust-colored plaid speckled
checkered rainbow-colored two-tone navy_blue mint-green indigo amber emerald_green
""",
    "look_thing": """
shiny old new pretty soft broken beautiful special bright colorful heavy round fancy strange funny
wonderful clean fluffy sparkly lovely favorite magic dirty smooth wooden plain nice dusty rusty
sturdy cozy perfect simple curious square cheap fuzzy flat delicate fragile ordinary amazing bumpy
sticky expensive ancient worn handmade crooked crumpled wobbly ragged faded battered polished
painted hollow folded squeaky glittery useful valuable precious elegant dainty scruffy tattered
wrinkled velvety curved pointed slippery dull rough sharp-edged lopsided patched shabby
see-through glossy gleaming fine decorated carved unusual rare mysterious solid feathery furry
woolly silky rubbery lacy well-worn well-made much-loved home-made brand-new hand-painted
second-hand old-fashioned heart-shaped star-shaped egg-shaped double-sided extra-large left-over
forgotten borrowed tangled twisted quaint remarkable splendid magnificent fabulous peculiar
intricate exquisite lightweight waterproof musical modern fashionable antique imported engraved
embroidered knitted quilted plush inflatable mechanical portable adjustable unbreakable
""",
    "nature": """
green tall quiet dark beautiful small sunny old shady wide deep muddy cool calm wild grassy mossy
leafy misty peaceful rocky sandy still sparkling clear windy snowy lonely hidden narrow steep
flowery bubbling swampy golden frosty empty busy far-away faraway sleepy foggy secret lush
overgrown gloomy enchanted bustling tangled pleasant crowded untouched wooded barren marshy
winding tranquil remote scenic rolling sheltered prickly fragrant deserted thorny sun-drenched
moonlit twilit well-known well-kept little-known tree-lined snow-covered ivy-covered wind-swept
""",
    "person": """
happy kind brave good smart friendly curious clever gentle funny shy careful polite strong
cheerful helpful quiet sweet silly playful proud honest lively wise generous busy patient stubborn
clumsy jolly thoughtful greedy lazy naughty bossy grumpy noisy selfish adventurous creative caring
bold loyal energetic talkative humble mischievous obedient respectful graceful nosy restless
sensible talented independent fearless hopeful messy fussy forgetful daring hardworking impatient
imaginative tidy dreamy daydreamy timid bashful eager considerate compassionate joyful merry
cautious reliable dependable responsible trusting truthful ambitious boastful competitive
enthusiastic organized resourceful inquisitive studious absent-minded kind-hearted soft-hearted
good-natured quick-witted warm-hearted light-hearted well-behaved easy-going bright-eyed
sharp-eyed strong-willed hard-working sweet-tempered tender-hearted level-headed fun-loving
happy-go-lucky big-hearted self-confident freckled gifted modest peaceful spirited steady nimble
plucky gentle-mannered witty sociable artistic athletic bouncy bubbly charming diligent elegant
fair forgiving gallant giddy industrious jaunty jovial keen earnest optimistic perky persistent
rambunctious rowdy sprightly sincere tactful tireless zany
""",
    "looks": """
little small tall red-haired curly-haired freckle-faced long-legged rosy-cheeked blue-eyed
brown-eyed dark-haired white-haired long-haired round-faced pigtailed short-haired left-handed
green-eyed gap-toothed fair-haired gray-haired barefoot long-lost bushy-browed bespectacled
""",
    "animal": """
little small big brown tiny fluffy gray white friendly old young hungry baby furry wild sleepy
black cute plump spotted lost noisy lonely shy striped playful soft clever colorful fast slow
fuzzy gentle speckled curious long-tailed three-legged one-eyed sharp-nosed floppy-eared
short-tailed long-eared bushy-tailed web-footed silver-gray thin chubby muddy timid tame frisky
feathery scruffy shaggy wooly scaly skinny prickly spiny sly graceful swift lame orphaned stray
injured newborn four-legged soft-footed warm-blooded wide-eyed golden mild-mannered nervous bony
nimble quick glossy majestic dappled tawny motherless
""",
    "good_feeling": """
happy excited proud glad brave surprised thankful calm cheerful pleased grateful lucky relieved
joyful curious amazed hopeful delighted confident thrilled jolly merry overjoyed triumphant
light-hearted determined refreshed blissful encouraged enthusiastic inspired giddy
""",
    "bad_feeling": """
sad scared angry worried tired upset mad afraid hungry lonely sorry nervous ashamed jealous
confused bored shy grumpy cross guilty frightened lost disappointed unhappy embarrassed cranky
frustrated puzzled anxious miserable gloomy sick uneasy envious dizzy annoyed restless helpless
hopeless discouraged troubled bitter fearful shocked horrified timid glum exhausted impatient
homesick heartbroken uncomfortable foolish left-out let-down furious irritated weary dismayed
hesitant regretful unsure overwhelmed startled tearful stunned bewildered downhearted
heavy-hearted broken-hearted alarmed flustered humiliated neglected
""",
    "taste": """
yummy sweet tasty delicious warm juicy fresh big hot crunchy soft sour creamy salty spicy crispy
sticky ripe cold golden buttery chewy bitter crusty gooey tangy sugary mild nutty fluffy healthy
fruity well-baked home-baked freshly-baked burnt frosted minty peppery soggy lumpy flaky moist
tender icy half-eaten steaming cheesy garlicky smoky toasted roasted savory chilled ripened
scrumptious mouth-watering bite-sized nutritious flavorful
""",
    "weather": """
sunny warm cold rainy windy snowy bright cloudy hot stormy beautiful cool lovely foggy gray nice
clear chilly fine frosty breezy misty dark quiet icy wet dry crisp gloomy drizzly hazy mild damp
glorious freezing sweltering blustery dreary balmy muggy sparkling golden
""",
    "soundadj": """
loud soft strange funny weird sudden quiet scary low high tiny sweet sharp terrible cheerful merry
squeaky gentle faint odd deep rumbling mysterious shrill ghostly awful harsh hollow muffled
peculiar eerie hoarse metallic musical rhythmic
""",
    "quality": """
good fun nice great important new special kind hard easy different wonderful silly right wrong
clever true bad brave wise strange big scary funny amazing difficult exciting interesting fair
real perfect lucky dangerous magical useful tricky terrible helpful simple foolish sensible
brilliant splendid marvelous fantastic impossible rude serious beautiful surprising unfair boring
careless selfish impressive incredible pleasant puzzling ridiculous unusual unexpected
embarrassing annoying disappointing satisfying enjoyable memorable valuable necessary reasonable
peculiar remarkable delightful harmless clumsy risky thrilling unforgettable generous outstanding
extraordinary absurd
""",
    "state": """
wet dirty muddy messy sticky broken torn cracked bent stuck empty ruined loose sore tangled frozen
squashed scratched stained dull wrinkled rusty dented faded flat splintered lopsided chipped moldy
smelly grimy greasy sooty jammed warped frayed shattered
""",
    "texture": """
soft smooth rough warm cold bumpy fuzzy hard slippery sticky fluffy wet cool prickly silky squishy
velvety gritty slimy scratchy furry spongy rubbery feathery crumbly leathery icy satiny stiff waxy
""",
    "manner": """
quick slow careful quiet happy sad soft loud gentle brave sudden proud kind nervous polite angry
patient eager shy calm bright clumsy neat cheerful sleepy anxious thoughtful curious excited
playful warm hungry bold serious graceful secret sweet bitter firm greedy wise honest weary
grateful helpful careless hopeful impatient silent joyful clever steady swift gloomy merry foolish
lazy stubborn timid fierce desperate courageous generous cautious sensible sincere awkward
reluctant enthusiastic dramatic modest fearful hasty humble jealous tender wild mischievous
determined cross dreamy earnest gracious rude glum hesitant obedient thankful tearful solemn
frantic feeble energetic blissful wistful heroic tidy
""",
}

PLAIN = {
    "soonword": """
soon then suddenly finally later next now at_last after_a_while just_then before_long that_evening
in_the_end right_away a_little_later meanwhile the_next_day in_no_time all_at_once
little_by_little an_hour_later after_lunch at_that_moment after_dinner the_next_morning
in_the_meantime some_time_later minutes_later by_noon at_sunset immediately eventually
""",
    "number": "two three four five six ten seven eight nine twelve eleven twenty",
    "bignumber": """
twenty thirty fifty a_hundred forty sixty ninety fifteen eighty seventy two_hundred thirteen
fourteen sixteen eighteen twenty-one thirty-two forty-seven fifty-five sixty-four ninety-nine
a_thousand twenty-six seventeen nineteen eighty-eight seventy-three
""",
    "ordinal": """
first second third fourth fifth last next sixth seventh tenth eighth ninth twelfth final
""",
    "month": """
January February March April May June July August September October November December
""",
    "weekday": "Monday Tuesday Wednesday Thursday Friday Saturday Sunday",
    "season": "summer winter spring autumn fall",
    "dayname": """
Christmas Halloween Easter Thanksgiving New_Year's_Day Valentine's_Day Mother's_Day May_Day
Midsummer
""",
    "interj": """
oh wow yes hey oh_no no look please hooray wait yay well ouch goodness oops hurry listen uh-oh ah
hmm yippee quick oh_my phew good_grief my_goodness aha bravo yum whee yuck ugh hurrah
oh_dear yikes golly gosh whoa brr shh eek hush""",
    "hello": """
hello hi good_morning hey_there hello_there good_day good_afternoon welcome howdy greetings
""",
    "bye": """
goodbye bye see_you_soon good_night farewell bye-bye so_long see_you_tomorrow take_care
""",
    "dear": """
dear sweetie honey my_dear darling little_one buddy sweetheart my_friend sunshine pumpkin
""",
    "where_dir": """
up down over back away around off out along onward sideways upward inside outside
""",
    "noisework": """
bang crash splash whoosh pop boom thump snap buzz plop creak ding-dong clip-clop tick-tock
pitter-patter zoom swish crunch squeak clang clack clatter rat-a-tat tap-tap splat bump squelch
whizz honk beep toot ring-ring cuckoo twang fizz rumble jingle thud ker-plunk choo-choo vroom
""",
    "animalnoise": """
woof meow quack moo oink baa neigh tweet ribbit squeak hoot hiss roar cluck honk cheep buzz caw
bow-wow hee-haw tu-whit-tu-whoo gobble-gobble purr eek coo grr
""",
    "frequency": """
every_day always often sometimes each_morning every_night once_a_week every_weekend on_rainy_days
every_Sunday after_school in_the_evenings twice_a_day most_days every_summer day_after_day
from_time_to_time now_and_then
""",
    "relation": """
friend best_friend friend cousin neighbor classmate good_friend playmate
""",
    "grownup": """
teacher farmer baker gardener librarian shopkeeper cook painter carpenter neighbor driver vet
tailor mechanic clockmaker grocer potter musician shoemaker toymaker beekeeper mayor plumber
builder sailor pilot weaver coach dentist nurse lighthouse_keeper zookeeper blacksmith inventor
florist butcher locksmith postmaster woodcarver innkeeper jeweler violinist astronomer barber
conductor poet
""",
}

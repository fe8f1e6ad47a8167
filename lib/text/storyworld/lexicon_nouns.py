"""Nouns: countable things, creatures, people and places, the commonest of each class first.

A word's weight falls with its rank; an underscore stands for a space. Places carry their
preposition.
"""

from __future__ import annotations

COUNTABLE = {
    "toy": """
ball doll car kite train teddy_bear block puzzle boat drum robot balloon truck game top yo-yo
marble puppet wagon scooter swing whistle plane dinosaur rocket hoop jack-in-the-box dollhouse
rattle bubble_wand rocking_horse stuffed_bear toy_lion toy_soldier music_box train_set model_ship
kazoo trumpet sailboat spinner jigsaw frisbee board_game card_game paper_boat paper_plane rag_doll
hobby_horse pinwheel catapult tambourine xylophone harmonica ukulele tricycle skateboard sled
toboggan raft snow_globe telescope magnet kaleidoscope periscope walkie-talkie merry-go-round
trampoline sandbox stilt pogo_stick beanbag domino checkerboard boomerang glider
""",
    "tool": """
hammer rope shovel broom bucket ladder brush needle saw basket lamp net rake spade wrench
wheelbarrow screwdriver fishing_rod paintbrush flashlight lantern axe drill pump pulley crowbar
sponge mop dustpan hose trowel pickaxe compass thermometer magnifying_glass ruler tape_measure
clamp chisel anvil sickle pitchfork watering_can crane winch lever hook sieve funnel tweezer spool
loom spindle blowtorch toolbox padlock crank stopwatch barometer plunger whisk ladle spatula
grater kettle rolling_pin colander peeler corkscrew thimble bobbin oar paddle anchor buoy tripod
stencil easel
""",
    "cloth": """
hat coat dress shirt scarf sock mitten shoe glove sweater boot cap jacket apron belt cape blanket
skirt raincoat bonnet vest slipper ribbon cloak sandal button necklace bracelet ring crown helmet
watch sash shawl tie bow_tie handkerchief hood pocket zipper sleeve earmuff kilt gown robe tunic
poncho veil cardigan turban beret bandana mantle petticoat jumper snowsuit bathrobe nightgown
overcoat waistcoat swimsuit tiara locket brooch pendant anklet buckle moccasin clog costume
uniform wig mask
""",
    "keepsake": """
book key coin shell letter picture map diary clock pencil feather bell photo notebook card stone
paintbox postcard candle mirror purse wallet umbrella backpack lunchbox suitcase pillow quilt
medal trophy badge stamp crayon marker eraser bookmark sketchbook scrapbook songbook magazine
newspaper calendar envelope parcel package violin flute guitar piano recorder bugle fiddle banjo
harp cello trombone saxophone oboe clarinet accordion tuba lute gong camera radio telephone
typewriter microscope globe hourglass sundial jewel gem pearl ruby emerald diamond sapphire opal
nugget figurine statue vase teacup mug plate saucer spoon fork bowl jug pitcher goblet thermos
flask cookie_jar lucky_penny acorn pebble pinecone fossil crystal ticket passport certificate
souvenir key_ring name_tag paperweight candlestick piggy_bank inkwell
""",
    "furniture": """
chair table bed box shelf couch drawer bench cupboard desk stool rug footrest closet sofa trunk
cabinet wardrobe bookcase cradle armchair cushion mattress curtain beanbag_chair hammock crib
dresser footstool counter sink bathtub fridge oven stove fireplace chimney mailbox doormat bathmat
hamper sideboard highchair bunk_bed chest washtub coat_rack clothesline bookshelf tablecloth
chandelier radiator ottoman nightstand screen hatstand crate barrel bin sack locker
""",
    "foodthing": """
apple cookie cake sandwich banana pie carrot pear muffin egg peach orange strawberry cherry potato
lollipop pancake cupcake plum biscuit bun berry melon pumpkin tomato onion bean pea turnip waffle
doughnut pretzel cracker sausage meatball noodle dumpling burger hot_dog pizza taco burrito bagel
croissant scone tart brownie sundae popsicle ice_cream_cone chocolate_bar gumdrop jellybean
marshmallow truffle caramel mint lemon lime mango papaya pineapple coconut kiwi fig date apricot
nectarine grapefruit tangerine raspberry blueberry blackberry gooseberry cranberry mulberry grape
raisin prune walnut peanut almond chestnut hazelnut cashew pecan pistachio radish beet cucumber
zucchini squash pepper eggplant artichoke mushroom cabbage leek parsnip sprout olive pickle omelet
pasty samosa crumpet crepe flapjack fritter nugget kebab meatloaf drumstick fishcake
""",
    "flower": """
rose daisy tulip sunflower lily violet buttercup dandelion daffodil poppy bluebell marigold pansy
orchid lilac primrose snowdrop forget-me-not carnation petunia foxglove crocus hyacinth iris peony
zinnia begonia geranium chrysanthemum magnolia azalea camellia snapdragon lupin hollyhock clover
thistle water_lily cornflower cowslip honeysuckle sweet_pea dahlia gardenia hydrangea anemone
aster
""",
    "tree": """
oak apple_tree pine willow maple birch chestnut_tree elm fir cherry_tree beech palm pear_tree
walnut_tree cedar ash poplar plum_tree fig_tree spruce holly hawthorn sycamore larch alder rowan
cypress redwood yew linden_tree olive_tree juniper eucalyptus banyan aspen hazel
""",
    "petanimal": """
dog cat puppy kitten rabbit hamster duckling chick pony lamb parrot turtle goldfish guinea_pig
canary hedgehog goat calf piglet tortoise gerbil mouse lizard gosling foal donkey budgie ferret
fawn parakeet cockatoo poodle beagle spaniel terrier collie greyhound bulldog dachshund corgi
retriever husky chinchilla
""",
    "wildanimal": """
bird frog squirrel duck bear fox rabbit owl mouse deer fish bee butterfly snake horse cow pig
monkey lion elephant turtle wolf bunny tiger mole beaver raccoon badger otter hedgehog spider
snail ant ladybug crab whale dolphin seal penguin giraffe zebra hippo rhino camel kangaroo koala
panda gorilla crocodile lizard toad bat swan goose hen rooster crow robin sparrow pigeon dove
eagle hawk seagull pelican heron stork crane flamingo peacock turkey ostrich parrot woodpecker
hummingbird swallow magpie raven cuckoo finch wren starling blackbird nightingale puffin albatross
quail pheasant cricket grasshopper caterpillar dragonfly moth beetle firefly worm centipede
mosquito wasp bumblebee mantis slug shark octopus squid jellyfish starfish lobster shrimp clam
oyster eel salmon trout seahorse stingray walrus manatee newt salamander chameleon iguana gecko
tadpole tortoise armadillo anteater sloth lemur baboon chimpanzee orangutan leopard cheetah
panther jaguar lynx hyena jackal coyote moose reindeer elk bison buffalo yak llama alpaca gazelle
antelope donkey mule ox goat sheep ram weasel stoat mink skunk opossum porcupine wombat platypus
meerkat mongoose chipmunk marmot vole shrew dormouse hare gopher groundhog wolverine
""",
    "bird": """
robin sparrow crow pigeon dove owl swallow finch wren blackbird magpie raven eagle hawk heron
stork seagull duck goose swan woodpecker hummingbird jay kingfisher thrush lark starling nuthatch
cardinal falcon kestrel partridge cormorant sandpiper oriole warbler bullfinch goldfinch chickadee
""",
    "job": """
farmer baker teacher doctor nurse fisherman sailor pilot captain gardener painter builder driver
firefighter policeman mailman cook tailor shoemaker carpenter blacksmith librarian musician dancer
singer clown magician juggler king queen prince princess knight miner hunter shepherd miller
potter weaver barber butcher grocer clockmaker plumber mechanic engineer scientist inventor
astronaut explorer vet dentist lawyer judge mayor banker clerk shopkeeper waiter waitress chef
janitor guard soldier detective reporter photographer sculptor actor writer poet conductor drummer
acrobat lifeguard coach referee beekeeper milkman woodcutter locksmith jeweler glassblower
candlemaker toymaker puppeteer florist ferryman innkeeper lighthouse_keeper zookeeper bus_driver
train_driver truck_driver postman electrician roofer bricklayer stonemason basketmaker wizard
pirate ranger goatherd cobbler thatcher printer bookbinder archer falconer jester minstrel
astronomer chemist botanist geologist architect surgeon cashier porter doorman diver surfer skater
gymnast jockey
""",
    "bodypart": """
hand arm foot leg head nose ear knee finger elbow shoulder cheek toe tummy back chin ankle wrist
thumb forehead neck heel hip palm eyebrow
""",
    "pawpart": """
tail paw ear nose whisker leg wing beak claw hoof antler fin flipper snout shell horn feather mane
muzzle tusk trunk talon
""",
    "container": """
box basket bag jar bucket bowl sack bottle cup pot chest tin tub drawer pouch crate barrel pail
can suitcase packet jug tray carton hamper bin backpack satchel casket trough thimble
""",
    "vehicle": """
car truck bus train boat bike plane ship wagon tractor cart sled taxi van fire_truck ambulance
helicopter canoe rowboat sailboat motorcycle scooter jeep ferry submarine hot-air_balloon rocket
bulldozer digger tram trolley carriage limousine minivan steamboat yacht kayak gondola raft barge
airship glider spaceship snowplow steamroller dump_truck garbage_truck fire_engine jet blimp
unicycle tugboat
""",
    "building": """
house shop school castle tower barn cottage library bakery hut church mill market museum hospital
lighthouse farmhouse station factory bank hotel theater zoo post_office fire_station palace cabin
windmill bridge temple inn greenhouse garage shed toy_shop candy_shop pet_shop bookshop
flower_shop barbershop restaurant cafe diner bookstore grocery_store stable treehouse fort igloo
tent mansion skyscraper warehouse workshop observatory stadium aquarium gallery town_hall
courthouse monastery chapel bungalow gazebo
""",
    "naturething": """
stone leaf stick rock flower tree cloud puddle log bush branch hill star rainbow shell feather
river pond stream twig seed acorn pinecone snowflake icicle wave petal root vine mushroom berry
pebble anthill beehive birdhouse nest cobweb waterfall cave cliff mountain valley island path
footprint stump boulder hedge thorn blossom bud cactus fern reed lily_pad sandbank dune tide_pool
spring geyser glacier volcano canyon meadow crater comet meteor planet raindrop dewdrop sunbeam
shadow
""",
    "monster": """
dragon giant fairy elf witch wizard troll unicorn mermaid ghost goblin gnome pixie ogre genie
phoenix griffin sprite imp leprechaun yeti nymph centaur sea_monster snow_queen tooth_fairy
""",
    "folk": """
boy girl child man woman lady kid neighbor baby teacher friend stranger farmer toddler grandmother
grandfather twin cousin student visitor traveler shopper villager passerby customer tourist pupil
classmate teammate relative guest hiker camper cyclist jogger musician
""",
    "event": """
party picnic fair parade race show wedding birthday_party concert play game festival contest dance
carnival feast barbecue circus puppet_show bonfire sleepover treasure_hunt tea_party camping_trip
bake_sale talent_show school_play spelling_bee costume_party egg_hunt snowball_fight
pie-eating_contest garden_party reunion harvest_festival lantern_parade kite_festival field_trip
magic_show art_show flea_market rodeo tug-of-war sack_race regatta ceremony banquet celebration
tournament exhibition fireworks_show
""",
    "mishap": """
bump scratch crack hole stain spot rip dent leak smudge splinter tear chip blot bruise kink knot
""",
    "sound": """
noise sound bang crash thump squeak whisper giggle splash rustle creak hum buzz knock click growl
rumble roar hiss ring whistle chirp squeal crackle clatter thud bark meow hoot cough sneeze snore
sigh groan moan murmur mumble patter tap scratch jingle clink rattle shriek howl whimper whir
squelch gurgle plop pop
""",
    "idea": """
idea plan thought trick secret dream wish story joke song question answer promise surprise lesson
riddle poem rhyme tale reason memory choice chance favor rule mistake guess clue hint puzzle
problem adventure challenge suggestion excuse fib worry hope wonder recipe invention experiment
design
""",
    "shape": """
circle square star heart triangle diamond crescent oval spiral cross rectangle cube cone
""",
    "subject_book": """
dinosaur pirate whale star train planet castle knight bug bird wizard dragon volcano shark horse
robot king princess farmer giant owl fairy rocket magnet fossil glacier
""",
    "group": """
group pile row bunch lot line flock herd pack bundle heap circle team crowd stack swarm handful
cluster string collection family
""",
    "part": """
wheel handle lid string wing door window roof wall floor button spring strap knob hinge leg arm
corner edge top bottom side front back wire chain nail screw bolt gear pedal seat sail mast rim
spoke cord plug battery bulb switch lever latch
""",
    "game": """
tag hide-and-seek catch hopscotch leapfrog checkers soccer marbles chess baseball basketball
tic-tac-toe cards dominoes follow-the-leader tug-of-war ring-around-the-rosy I-spy peek-a-boo
hockey tennis football croquet badminton dodgeball ping-pong volleyball charades make-believe
dress-up musical_chairs blindman's_buff
""",
}

PLACES = """
in:park in:garden in:forest at:beach at:school by:river by:lake in:woods on:hill on:playground
in:yard by:pond at:farm in:market in:kitchen in:barn in:field in:backyard in:library in:meadow
at:zoo in:shop at:store in:village in:town in:cave by:sea by:bridge at:museum in:castle in:jungle
on:island in:city in:valley on:mountain at:pool by:stream in:orchard by:well at:station in:bakery
in:attic in:basement in:square in:harbor on:road on:path by:fence at:fair in:stable in:treehouse
in:tent on:porch by:gate at:circus on:cliff in:desert in:swamp by:waterfall in:greenhouse in:shed
in:garage on:pier on:dock at:campsite in:cornfield in:pumpkin_patch in:vineyard on:roof at:airport
at:hospital in:classroom on:boardwalk in:alley in:courtyard by:fountain at:bus_stop in:maze
at:crossroads in:mill in:canyon on:hilltop by:lighthouse on:sandbank by:millpond in:glade
in:clearing in:hollow by:creek in:bay in:quarry at:post_office at:fire_station in:theater in:gym
in:pasture in:bamboo_grove on:lawn on:bench in:tunnel in:cellar in:hallway on:balcony on:terrace
in:playroom in:nursery in:schoolyard in:rose_garden in:henhouse in:snowfield by:canal in:lagoon
in:marsh on:riverbank on:moor in:thicket in:grove at:ice_rink at:bowling_alley at:toy_shop
at:bookshop at:candy_store at:pet_shop in:tower at:carnival at:theme_park
at:aquarium on:mountaintop on:shore in:campground in:pine_forest in:dale
"""

ROOMS = """
in:kitchen in:bedroom in:living_room in:bathroom in:attic in:basement in:hallway in:playroom
in:garage on:porch in:closet in:dining_room in:cellar in:pantry in:laundry_room in:study
on:balcony on:stairs in:nursery in:den in:workshop in:shed in:parlor in:loft
"""

HIDING = """
under:bed behind:couch under:table behind:door in:closet under:rug in:bathtub behind:curtain
under:pillow in:drawer on:shelf in:laundry_basket under:stairs behind:bookcase under:porch
in:flower_bed behind:tree under:bench in:tall_grass under:bush in:sandbox behind:shed in:mailbox
by:pond in:hollow_log under:swing behind:fence in:wheelbarrow on:windowsill in:toy_box under:chair
in:hay in:doghouse behind:stove under:sink in:cupboard on:roof in:gutter under:bridge in:fireplace
in:coat_pocket in:birdbath behind:water_barrel under:leaves in:compost_heap under:wagon
in:picnic_basket behind:piano in:bread_box in:umbrella_stand
"""

MASS = {
    "solid": """
wood stone brick glass metal iron clay bamboo straw marble plastic cardboard granite steel
""",
    "food": """
bread soup cheese rice honey jam milk pasta salad butter cake ice_cream porridge chocolate stew
candy toast corn popcorn yogurt oatmeal pudding cereal spaghetti fruit chicken jelly broccoli
spinach gravy custard fudge toffee licorice cream cinnamon_bread lasagna macaroni chowder broth
curry chili coleslaw hummus tofu granola trail_mix applesauce marmalade gingerbread shortbread
sponge_cake cheesecake carrot_cake cornbread lentil_soup cauliflower celery asparagus kale lettuce
garlic ginger
""",
    "drink": """
water milk juice tea lemonade hot_chocolate apple_juice cocoa orange_juice soda cider
ginger_ale buttermilk mint_tea grape_juice rose_tea cranberry_juice
""",
    "material": """
wood paper stone glass gold silver wool metal plastic clay cotton silk straw leather brick rubber
iron tin cardboard felt velvet copper wax bamboo lace denim porcelain rope steel brass bronze
driftwood linen canvas cork string satin granite fur tinfoil wicker china
""",
    "stuff": """
water sand mud paint dirt snow glue dust soap ice grass hay smoke foam flour sugar salt string
tape glitter wool moss oil slime grease ink chalk sawdust gravel rain fluff clay straw powder ash
seaweed frost slush
""",
    "feelingnoun": """
joy love hope fear courage pride kindness wonder excitement happiness sadness anger worry patience
surprise delight sorrow trust luck friendship bravery honesty wisdom laughter shame relief
curiosity loneliness gratitude jealousy generosity determination confidence forgiveness
disappointment calm embarrassment amazement
""",
    "virtue": """
kindness honesty patience courage sharing friendship teamwork hard_work practice trust bravery
generosity forgiveness curiosity gentleness loyalty helpfulness listening cheerfulness
thankfulness humility fairness carefulness imagination perseverance wisdom compassion
responsibility tidiness politeness self-control modesty tolerance good_manners
""",
    "weatherstuff": "rain snow wind fog sunshine thunder lightning mist hail frost sleet drizzle",
}

PLURAL_ONLY = {
    "pairs": """
shoes boots glasses mittens scissors gloves socks pajamas trousers jeans shorts pants goggles
sunglasses slippers sandals sneakers overalls skates skis earmuffs binoculars tights suspenders
leggings pliers tongs tweezers headphones stilts
""",
    "many": """
apples flowers leaves stones shells berries toys books friends birds bugs stars bubbles cookies
clouds stickers crayons ducks seeds nuts acorns carrots eggs fish blocks balls worms pebbles
feathers candles balloons ribbons cherries muffins mushrooms petals sticks coins buttons beads
marbles grapes raisins pancakes puddles snowflakes raindrops pictures drawings songs stories jokes
riddles lanterns pinecones bricks planks boxes baskets jars bottles kittens puppies chicks lambs
butterflies ladybugs bees snails frogs tadpoles fireflies fossils gems pearls pumpkins potatoes
peas onions daisies roses tulips kites paper_boats cobwebs crumbs sandcastles footprints icicles
pennies postcards stamps
""",
}

FEARS = """
the_dark thunder spiders water dogs heights snakes bees loud_noises ghosts monsters lightning
climbing_trees swimming storms cats elevators the_doctor the_dentist the_cellar clowns mice bats
deep_water the_old_bridge strangers needles big_waves moths balloons the_attic owls shadows
public_speaking tunnels crowds fire horses geese ladders the_basement masks thunderstorms wasps
talking_to_strangers speaking_in_class the_wind frogs statues escalators the_vacuum_cleaner fog
roosters diving earthworms
"""

BUILT = """
house boat tower fort treehouse bridge kite castle wagon raft snowman robot swing birdhouse
sandcastle tent plane rocket slide doghouse hut train cart machine sled theater windmill seesaw
scarecrow submarine lighthouse tunnel maze playhouse airship telescope rabbit_hutch stage
greenhouse water_wheel go-kart rope_ladder bookshelf igloo dam weather_vane kennel
canoe pulley catapult well shelter ramp drum sundial
"""

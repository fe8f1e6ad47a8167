"""Verbs by what they take with them; the commonest of each class first."""

from __future__ import annotations

VERBS = {
    # goes somewhere: {go.d} to the park
    "go": """
walk run go skip hop hurry march race wander rush stroll dash travel jog stomp creep trot tiptoe
head scamper hike gallop waddle tramp sprint amble scurry shuffle trudge hobble bounce prance plod
saunter sneak dart scoot scuttle strut ramble trek limp stagger bound canter lope pedal bolt whiz
zoom crawl slink sidle stride toddle zip traipse meander swagger
""",
    # moves in the air, by the water, on the spot
    "playact": """
play run jump dance sing laugh swing skip slide hop swim climb draw paint splash spin dig build
race twirl roll read whistle giggle tumble juggle hum bounce cartwheel wrestle gallop sail skate
ski explore pretend clap somersault doodle paddle fish camp bike shout cheer sketch chatter knit
leap wade drum sew surf
""",
    "look": """
look stare peek glance gaze peer point smile wave frown nod blink squint grin wink laugh bark
growl
""",
    "see": """
see find notice spot discover meet hear come_across catch_sight_of stumble_upon recognize watch
glimpse
""",
    "react": """
smile laugh cry nod jump sigh giggle frown blush gasp grin clap shiver sniff wave shrug shout
tremble blink pout yawn cheer sob beam weep gulp wince groan stammer chuckle scowl sniffle squirm
whimper twirl freeze stumble swallow hiccup flinch cringe shudder grumble bow fidget snort wail
hesitate pause snicker flush moan
""",
    "gesture": """
smile nod laugh sigh frown giggle grin shrug pause blink wink think_for_a_moment chuckle yawn wait
point stretch sniff swallow gulp hesitate beam bow wave
""",
    "weep": """
cry sob sigh sniff sniffle weep wail whimper moan call groan pout tremble frown shiver shudder
""",
    "say": """
say reply explain whisper call answer agree add murmur announce mumble begin remark declare
suggest continue mutter admit promise repeat confess respond insist
""",
    "saysoft": """
whisper murmur mumble sigh mutter sniff sob say stammer breathe whimper croak wheeze
""",
    "ask": "ask wonder say ask inquire whisper call",
    "cry": """
say shout cry yell call exclaim squeal scream gasp laugh cheer shriek bellow sing squeak giggle
roar hoot holler chirp grumble wail thunder chant bawl chortle squawk
""",
    # does to a thing held: {hold.d} the kite
    "hold": """
hold hug carry pick_up squeeze grab take lift clutch pat stroke touch pull shake hold_on_to
turn_over wave balance swing drag grip raise cradle cuddle rub tap hold_up look_at drop tug catch
snatch roll poke study examine inspect admire sniff unwrap wrap tie_up spin juggle fold twist dust
kiss
""",
    "care": """
clean wash fix polish dry brush paint mend tidy wipe dust sweep repair scrub shine sort fold rinse
decorate patch sew stitch sand oil varnish iron wax straighten trim darn rebuild unpack label
""",
    "make": """
make build draw paint bake cook sew knit carve mix find buy plant invent design weave sketch mold
collect gather fix decorate write glue cut_out stitch construct create craft fold_up arrange
sculpt prepare assemble whittle embroider
""",
    "break": """
break drop tear bend crack spill bump scratch squash lose smash ruin snap rip dent crush soak
stain twist chip knock_over step_on sit_on shatter trample smudge scorch flatten tangle
""",
    "give": """
give show bring offer pass throw toss feed
""",
    "eat": """
eat taste chew nibble munch gobble_up bite share try enjoy swallow lick finish devour crunch
sample gulp_down slurp crave smell cook chomp
""",
    "like": """
like love enjoy prefer adore hate dislike miss dream_about think_about talk_about remember admire
treasure care_for collect
""",
    "chore": """
sweep_the_floor wash_the_dishes feed_the_hens make_the_bed water_the_plants set_the_table
rake_leaves fold_the_laundry milk_the_cow carry_wood pick_apples clean_the_windows
dust_the_shelves feed_the_cat walk_the_dog take_out_the_trash bake_bread pull_weeds peel_potatoes
stir_the_soup sort_the_socks shell_peas paint_the_fence wipe_the_table mop_the_floor shovel_snow
gather_eggs brush_the_pony churn_butter polish_the_spoons knead_dough chop_carrots mow_the_lawn
scrub_the_pots hang_the_laundry tidy_the_shelves beat_the_carpet stack_wood prune_the_roses
trim_the_hedge fetch_water iron_shirts patch_the_roof oil_the_gate wind_the_clock sharpen_pencils
pickle_beets label_the_jars
""",
    "pastime": """
fly_kites draw_pictures climb_trees catch_frogs read_books build_towers chase_butterflies
sing_songs ride_bikes collect_shells play_tag pick_flowers splash_in_puddles bake_cookies
paint_rocks look_at_clouds count_stars tell_jokes make_mud_pies dig_holes blow_bubbles jump_rope
feed_ducks race_snails swim watch_birds make_up_stories skip_stones play_hide-and-seek
roll_down_hills build_forts dance watch_trains listen_to_stories play_the_drum ride_ponies
hunt_for_bugs do_puzzles play_with_clay knit_scarves write_letters gather_acorns sail_paper_boats
solve_riddles wear_costumes whistle_tunes collect_stamps press_flowers make_necklaces study_ants
juggle_oranges play_chess invent_machines carve_wood spin_tops practice_magic_tricks
fish_for_minnows tend_tomatoes train_pigeons map_the_woods fold_paper_cranes play_the_flute
hum_tunes
""",
    # a skill to learn
    "skill": """
swim dance read whistle ride_a_bike tie_shoelaces paint juggle sing skate bake_bread climb_trees
play_the_piano fly_a_kite write count_to_twenty play_the_drums jump_rope row_a_boat knit
play_chess do_a_cartwheel cook_soup sew ski catch_a_ball play_the_violin ride_a_pony build_a_fire
draw_horses make_pancakes tell_time play_the_guitar stand_on_one_foot blow_bubbles throw_a_frisbee
do_a_somersault play_the_trumpet skip_stones spell_long_words fold_paper_birds walk_on_stilts
braid_hair yodel sail play_the_harp do_magic_tricks weave_baskets hit_a_baseball dive roller-skate
plant_seeds read_maps make_pottery tie_knots play_the_flute shuffle_cards fish speak_loudly
do_sums
""",
    # what weather and things do
    "shine": "shine glow sparkle glitter gleam twinkle glimmer blaze shimmer flicker glisten",
    "blow": "blow howl whistle roar whirl rush moan rage swirl whip puff sigh",
    "fall": """
fall slip trip roll tumble slide crash bounce topple spin flip tip_over plunge
""",
    "birdact": """
sing chirp fly hop peck flap flutter whistle tweet soar glide swoop perch hover twitter warble
cackle squawk nest circle preen
""",
    "animalact": """
run jump sleep bark eat hide sniff dig climb roll chew growl purr scratch nibble yawn curl_up
prowl stretch hum scamper drink crawl graze wriggle burrow pounce trot snooze gallop snuffle
hibernate munch_leaves
""",
    "think": """
think know believe decide see notice realize imagine guess dream say hear pretend remember suspect
find
""",
    "help": """
help thank hug tell teach ask follow love watch hear visit believe join forgive invite cheer_on
cheer_up comfort trust greet remind tease warn protect surprise praise scold guide encourage
rescue welcome amuse please calm_down calm tickle congratulate reassure annoy frighten bother
puzzle fascinate obey
""",
    "work": """
work play practice rest dig bake paint clean study sew read cook wait search shop help argue
hammer saw sort tidy weed fish pack rehearse chat dream plan whisper snooze
""",
    "wear": "wear carry hold bring pull",
    "undo": """
open close lock unlock push knock_on slam untie unwrap pull_open shut peek_into tap_on unlatch
look_into rattle unzip
""",
    "cookverb": """
mix stir bake pour chop peel slice melt boil fry roast mash knead grate whisk sprinkle taste toast
season simmer roll_out measure steam spread sift blend
""",
    "buildverb": """
build hammer saw nail glue tie paint stack measure lift cut carry sand fasten bolt stretch join
prop_up weave drill trim bind lash hoist balance level
""",
    # what the grown-ups do not allow
    "forbid": """
climb_the_tall_tree touch_the_stove go_near_the_well play_with_matches open_the_old_trunk
swim_in_the_river eat_the_red_berries cross_the_road play_on_the_roof go_into_the_forest
touch_the_beehive jump_on_the_bed ride_the_goat pull_the_lever go_into_the_cave walk_on_the_ice
slide_down_the_bannister play_with_scissors tease_the_goose touch_the_big_red_button
climb_over_the_fence drive_the_tractor feed_the_bear eat_the_mushrooms play_in_the_attic
swing_on_the_gate open_the_cage go_down_to_the_cellar stand_on_the_chair run_near_the_pool
play_ball_in_the_house look_into_the_oven chase_the_bull talk_to_strangers taste_the_medicine
pull_the_donkey's_tail go_behind_the_waterfall sail_the_raft climb_the_bookcase wake_the_watchdog
play_with_the_hammer hide_in_the_washing_machine throw_stones step_on_the_rotten_bridge
paint_the_cat touch_the_cactus ride_down_the_steep_hill
""",
}

use proptest::prelude::*;

use super::*;

/// The least that every call asks for, and how many reports an attacker may have or know.
const K: usize = GROUP_MIN as usize;

fn region(text: &str) -> Region {
    Region::parse(text).unwrap()
}

fn report(text: &str, day: u32) -> Counted {
    Counted {
        band: Band::UpTo10,
        region: region(text),
        day,
    }
}

fn many(text: &str, day: u32, count: usize) -> Vec<Counted> {
    vec![report(text, day); count]
}

fn cells(view: &View, text: &str) -> u32 {
    view.regions
        .get(&region(text))
        .map_or(0, |shown| shown.cells)
}

const PLACES: [&str; 8] = [
    "RU-SPE",
    "RU-MOW",
    "RU-LEN-GTN",
    "RU-LEN",
    "RU",
    "KZ-ALA",
    "KZ",
    "",
];

/// Reports over some days, in regions that lie in one another.
fn history(most: usize) -> impl Strategy<Value = Vec<Counted>> {
    let one = (0..5_usize, 0..PLACES.len(), 0..12_u32).prop_map(|(band, place, day)| Counted {
        band: Band::ALL[band],
        region: region(PLACES[place]),
        day,
    });
    prop::collection::vec(one, 0..most)
}

proptest! {
    #[test]
    fn no_view_has_a_number_of_fewer_cells_than_the_group(
        reports in history(200),
        group in 0..30_u8,
        today in 0..15_u32,
    ) {
        let view = View::of(reports.clone(), group, today);
        // Whoever takes away reports of their own, fewer than a group, still has a group before them.
        let least = u32::from(group.max(GROUP_MIN));
        for shown in view.regions.values().chain([&view.merged, &view.total]) {
            prop_assert!(shown.cells == 0 || shown.cells - (least - 1) >= least);
        }
        prop_assert!(view.regions.values().all(|shown| shown.cells > 0));
        prop_assert!(!view.regions.contains_key(&Region::EVERYWHERE));
        // The numbers are apart from each other and add up: nothing is found by subtracting.
        let sum: u32 = view.regions.values().map(|shown| shown.cells).sum();
        prop_assert_eq!(view.total.cells, sum + view.merged.cells);
        prop_assert!(view.total.cells as usize <= reports.len());
    }

    #[test]
    fn views_of_two_days_differ_by_whole_groups_and_nothing_is_taken_back(
        reports in history(200),
        days in (0..15_u32, 0..15_u32),
    ) {
        let (first, second) = (days.0.min(days.1), days.0.max(days.1));
        let (before, after) = (View::of(reports.clone(), 5, first), View::of(reports, 5, second));
        for place in PLACES {
            let grown = cells(&after, place).checked_sub(cells(&before, place));
            prop_assert!(matches!(grown, Some(0 | 9..)), "{grown:?}");
        }
        let grown = after.merged.cells.checked_sub(before.merged.cells);
        prop_assert!(matches!(grown, Some(0 | 9..)), "{grown:?}");
    }

    #[test]
    fn what_comes_today_changes_nothing_today_and_the_order_nothing_at_all(
        reports in history(100),
        late in history(100),
        today in 0..15_u32,
    ) {
        let view = View::of(reports.clone(), 5, today);
        let mut all: Vec<Counted> = late;
        for report in &mut all {
            report.day = today;
        }
        all.extend(reports.into_iter().rev());
        prop_assert_eq!(View::of(all, 5, today), view);
    }

    /// The attack: look before and after a period in which one cell reported, with some reports of one's own, knowing all
    /// that others reported before and elsewhere. In which of two regions of one country the cell is changes neither
    /// view, as long as fewer others than a group less one reported from it in that period.
    #[test]
    fn two_views_and_reports_of_ones_own_do_not_tell_where_one_cell_is(
        past in history(120),
        elsewhere in history(120),
        own in prop::collection::vec((0..PLACES.len(), 12..15_u32), 0..K),
        beside in (0..K - 1, 0..K - 1),
        day in 12..15_u32,
    ) {
        let mut base = past;
        base.extend(elsewhere.into_iter().filter(|other| !is_near(&other.region)).map(|other| Counted {
            day: 12 + other.day % PERIOD_DAYS,
            ..other
        }));
        base.extend(own.iter().map(|(place, day)| report(PLACES[*place], *day)));
        base.extend(many(NEAR[0], day, beside.0));
        base.extend(many(NEAR[1], day, beside.1));
        let seen = |place: &str| {
            let mut world = base.clone();
            world.extend(many(place, day, 1));
            (View::of(world.clone(), 5, 12), View::of(world, 5, 15))
        };
        prop_assert_eq!(seen(NEAR[0]), seen(NEAR[1]));
    }
}

/// Where the cell of the attack may be.
const NEAR: [&str; 2] = ["RU-SPE", "RU-MOW"];

fn is_near(place: &Region) -> bool {
    NEAR.iter().any(|near| *place == region(near))
}

/// The same attack, every placement of the attacker's reports: nothing is seen. One cell more in the region, so that a whole
/// group of others is there, and it is seen: the trial can fail.
#[test]
fn a_cell_is_seen_only_among_a_whole_group_of_others() {
    let regions = |place: &str, beside: usize, own: [usize; 3]| {
        let mut world = many(place, 0, 1 + beside);
        for (place, count) in ["RU-SPE", "RU-MOW", "RU"].iter().zip(own) {
            world.extend(many(place, 1, count));
        }
        View::of(world, 5, PERIOD_DAYS).regions
    };
    let placements = (0..K).flat_map(|a| (0..K - a).map(move |b| [a, b, K - 1 - a - b]));
    let mut told = 0;
    for own in placements {
        for beside in 0..K - 1 {
            let here = regions("RU-SPE", beside, own);
            assert_eq!(here, regions("RU-MOW", beside, own), "{own:?} {beside}");
            assert_eq!(here, BTreeMap::new());
        }
        let differs = regions("RU-SPE", K - 1, own) != regions("RU-MOW", K - 1, own);
        told += usize::from(differs);
    }
    assert!(told > 0, "with a group of five the region is shown");
}

#[test]
fn what_is_too_little_for_a_region_goes_to_the_one_around_it() {
    let mut reports = many("RU-SPE", 0, 11);
    reports.extend(many("RU-MOW", 1, 4));
    reports.extend(many("RU-LEN-GTN", 1, 2));
    reports.extend(many("RU", 2, 4));
    reports.extend(many("KZ", 2, 2));
    let view = View::of(reports.clone(), 5, 3);
    assert_eq!((cells(&view, "RU-SPE"), cells(&view, "RU")), (11, 10));
    assert_eq!((view.merged.cells, view.total.cells), (0, 21));
    assert_eq!((view.total.least, view.total.most), (21 * 4, Some(21 * 10)));
    // Two cells of KZ wait, and are shown without a region once there are enough of them.
    reports.extend(many("KZ", 4, 7));
    let later = View::of(reports, 5, 6);
    assert_eq!((later.regions, later.merged.cells), (view.regions, 9));
}

#[test]
fn what_came_in_one_period_does_not_make_up_what_is_missing_in_the_next() {
    let mut reports = many("RU-SPE", 0, 8);
    reports.extend(many("RU-SPE", 3, 1));
    let view = View::of(reports, 5, 6);
    assert_eq!((view.regions.len(), view.merged.cells), (0, 9));
}

#[test]
fn an_open_band_leaves_the_most_open() {
    let mut reports = many("", 0, 8);
    reports.push(Counted {
        band: Band::Over100,
        ..reports[0]
    });
    let total = View::of(reports, 5, 3).total;
    assert_eq!(
        (total.cells, total.least, total.most),
        (9, 8 * 4 + 101, None)
    );
}

#[test]
fn a_call_may_ask_for_larger_groups_and_for_no_smaller_ones() {
    let view = |group, count| View::of(many("RU", 0, count), group, 3).regions.len();
    assert_eq!([view(0, 8), view(0, 9), view(5, 9)], [0, 1, 1]);
    assert_eq!([view(20, 38), view(20, 39), view(255, 199)], [0, 1, 1]);
}

#[test]
fn a_cell_says_no_more_than_one_step_beyond_what_is_shown() {
    let town = region("RU-LEN-GTN");
    let after = |reports: Vec<Counted>| View::of(reports, 5, 3).sayable(town, 3).text().to_owned();
    assert_eq!(View::EMPTY.sayable(town, 3), Region::EVERYWHERE);
    assert_eq!(after(many("", 0, 8)), "");
    assert_eq!(after(many("", 0, 9)), "RU");
    assert_eq!(after(many("KZ", 0, 9)), "RU");
    assert_eq!(after(many("RU", 0, 9)), "RU-LEN");
    assert_eq!(after(many("RU-SPE", 0, 9)), "RU-LEN");
    assert_eq!(after(many("RU-LEN", 0, 9)), "RU-LEN-GTN");
    // The call may want less.
    let view = View::of(many("RU-LEN", 0, 9), 5, 3);
    assert_eq!(view.sayable(town, 1), region("RU"));
    assert_eq!(view.sayable(Region::EVERYWHERE, 3), Region::EVERYWHERE);
}

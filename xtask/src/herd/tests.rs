//! The relations that the documentation may rely on. Seeded, so they hold or
//! they do not.

use super::measure::{Figures, MOST_PEAK, PAGES, figures, ideal_ms};
use super::page::Recipe;
use super::scenario::*;
use super::server::{Hint, Outage, QUOTA, Quota, Server};
use super::simulation::simulate;

const P_RETRY: Recipe = Recipe::PRetry { randomize: false };

fn at(scenario: &Scenario, recipe: &Recipe) -> Figures {
    figures(recipe, &scenario.server(), PAGES)
}

#[test]
fn turns_meet_all_three_targets_where_a_few_seconds_of_quota_are_saved_up() {
    for scenario in [&SAVES_5_S, &SAVES_5_S_UNREACHABLE] {
        let figures = at(scenario, &turns(PAGES));
        assert_eq!(figures.met(), [true; 3], "{}: {figures:?}", scenario.name);
    }
    let told = at(&SAVES_5_S_RESET, &turns(PAGES));
    assert!(told.met()[1..] == [true; 2] && told.busy > 0.94, "{told:?}");
}

#[test]
fn a_proxy_that_hands_out_slots_meets_them_with_the_defaults() {
    for recipe in [defaults(), ten_attempts()] {
        let figures = at(&SAVES_5_S_SLOTS, &recipe);
        assert_eq!(figures.met(), [true; 3], "{figures:?}");
    }
}

#[test]
fn such_a_proxy_loses_no_call_however_the_quota_is_kept() {
    for scenario in [&WINDOW_SLOTS, &SAVES_5_S_SLOTS, &WINDOW_SLOTS_NO_OUTAGE] {
        let figures = at(scenario, &ten_attempts());
        assert_eq!(figures.failed, 0, "{}: {figures:?}", scenario.name);
        assert!(figures.quota >= 0.95, "{}: {figures:?}", scenario.name);
    }
}

#[test]
fn a_saved_minute_allows_two_targets_to_brisk_turns() {
    let figures = at(&SAVES_A_MINUTE, &brisk_turns(PAGES));
    assert_eq!(figures.met(), [false, true, true], "{figures:?}");
    assert!(figures.busy > 0.85 && figures.quota == 1.0, "{figures:?}");
}

#[test]
fn nobody_can_meet_the_peak_and_the_last_wait_where_minutes_are_counted() {
    for scenario in [&WINDOW, &ROLLING] {
        let (ideal, capped) = ideal_ms(&scenario.server(), PAGES);
        assert!(capped / ideal > 1.2, "{}", scenario.name);
    }
}

#[test]
fn turns_keep_the_peak_where_minutes_are_counted() {
    for scenario in [&WINDOW, &WINDOW_RESET, &ROLLING, &SAVES_A_MINUTE] {
        let figures = at(scenario, &turns(PAGES));
        assert_eq!(figures.failed, 0, "{}: {figures:?}", scenario.name);
        assert!(figures.peak < 1.01 * MOST_PEAK, "{figures:?}");
    }
}

#[test]
fn three_attempts_do_not_outlast_a_minute_whoever_makes_them() {
    for recipe in [defaults(), Recipe::Vendor, Recipe::OpenAi] {
        assert_eq!(at(&WINDOW, &recipe).failed, PAGES, "{recipe:?}");
    }
}

#[test]
fn options_alone_lose_no_call_and_press_less_than_p_retry() {
    for scenario in [&WINDOW, &ROLLING, &SAVES_A_MINUTE, &SAVES_5_S, &SAVES_1_S] {
        let theirs = at(scenario, &P_RETRY);
        for ours in [persistent(), patient()] {
            let ours = at(scenario, &ours);
            assert_eq!(ours.failed, 0, "{}: {ours:?}", scenario.name);
            assert!(ours.peak < theirs.peak, "{}: {ours:?}", scenario.name);
        }
        assert!(at(scenario, &patient()).met()[2], "{}", scenario.name);
    }
}

#[test]
fn without_jitter_the_herd_stays_together_until_it_is_lost() {
    assert!(at(&SAVES_1_S, &P_RETRY).failed > PAGES * 9 / 10);
    assert_eq!(at(&WINDOW, &P_RETRY).peak, 12.0);
}

#[test]
fn a_wrong_guess_of_the_pages_loses_few_calls() {
    for pages in [500, 750, 1250, 2000] {
        let figures = figures(&turns(PAGES), &SAVES_5_S.server(), pages);
        assert!(figures.failed <= pages / 50, "{pages}: {figures:?}");
    }
}

#[test]
fn a_failed_connection_is_waited_out_like_a_503() {
    for recipe in [persistent(), patient(), turns(PAGES)] {
        let unreachable = at(&SAVES_5_S_UNREACHABLE, &recipe);
        assert_eq!(at(&SAVES_5_S, &recipe), unreachable);
    }
}

#[test]
fn the_same_seed_tells_the_same_story() {
    let run = |seed| simulate(&turns(PAGES), SAVES_5_S.server(), PAGES, seed).requests_ms;
    assert_eq!(run(1), run(1));
    assert_ne!(run(1), run(2));
}

#[test]
fn every_call_ends_once_and_no_server_grants_past_its_quota() {
    let quotas = [Quota::window(), Quota::rolling(), Quota::bucket(42)];
    for (quota, most) in quotas.into_iter().zip([2 * QUOTA, QUOTA, QUOTA + 42]) {
        let server = Server::new(quota, Hint::None, Outage::Status, 60_000.0);
        let trace = simulate(&persistent(), server, PAGES, 3);
        assert_eq!(trace.granted_ms.len() + trace.failed, PAGES);
        let granted = &trace.granted_ms;
        for (index, &at_ms) in granted.iter().enumerate() {
            let inside = granted[index..].partition_point(|&later| later < at_ms + 60_000.0);
            assert!(inside <= most, "{inside} in a minute");
        }
    }
}

//! Which recordings the outbox keeps, for how long, and in what standing.

use std::collections::BTreeSet;

use proptest::prelude::*;
use thetaone_web::core::catalogue::{Class, ERRORS, lookup};
use thetaone_web::core::options::settings::ClientOptions;
use thetaone_web::core::options::value::OptionValue;
use thetaone_web::core::outbox::{
    EvictionPlan, OutboxEntry, OutboxLimits, UploadState, expired, plan_eviction, uuid,
};

const HOUR_MS: f64 = 3_600_000.0;
const NOW_MS: f64 = 1_790_000_000_000.0;

fn entry(id: &str, hours_ago: f64, bytes: f64) -> OutboxEntry {
    OutboxEntry {
        id: id.into(),
        created_ms: NOW_MS - hours_ago * HOUR_MS,
        bytes,
        is_busy: false,
    }
}

fn limits(hours: f64, max_bytes: f64) -> OutboxLimits {
    OutboxLimits {
        ttl_ms: hours * HOUR_MS,
        max_bytes,
    }
}

#[test]
fn the_outbox_is_off_by_default_and_else_holds_50_mb_for_7_days() {
    let with = |outbox| {
        let options = OptionValue::Object(vec![("outbox".into(), outbox)]);
        ClientOptions::read(&options).outbox
    };
    assert_eq!(ClientOptions::read(&OptionValue::Absent).outbox, None);
    assert_eq!(with(OptionValue::Bool(false)), None);
    let unset = OutboxLimits {
        ttl_ms: 604_800_000.0,
        max_bytes: 50_000_000.0,
    };
    assert_eq!(with(OptionValue::Bool(true)), Some(unset));
    assert_eq!(with(OptionValue::Object(vec![])), Some(unset));
    let own = OptionValue::Object(vec![("ttlMs".into(), OptionValue::Number(5.0))]);
    let ttl_ms = 5.0;
    assert_eq!(with(own), Some(OutboxLimits { ttl_ms, ..unset }));
}

#[test]
fn the_oldest_entries_are_evicted_and_no_more_than_needed() {
    let entries = [
        entry("newest", 1.0, 40.0),
        entry("oldest", 3.0, 40.0),
        entry("middle", 2.0, 20.0),
    ];
    let plan = |incoming| plan_eviction(&entries, incoming, &limits(24.0, 100.0), NOW_MS);
    for (incoming, evicted) in [
        (0.0, vec![]),
        (1.0, vec!["oldest"]),
        (40.0, vec!["oldest"]),
        (41.0, vec!["oldest", "middle"]),
        (100.0, vec!["oldest", "middle", "newest"]),
    ] {
        assert!(plan(incoming).has_room);
        assert_eq!(plan(incoming).evicted, evicted, "{incoming}");
    }
    let too_large = plan(101.0);
    assert!(!too_large.has_room);
    assert_eq!(too_large.evicted, Vec::<String>::new(), "not in vain");
}

#[test]
fn entries_being_sent_are_neither_expired_nor_evicted() {
    let busy = OutboxEntry {
        is_busy: true,
        ..entry("busy", 100.0, 60.0)
    };
    let entries = [busy, entry("idle", 1.0, 30.0)];
    let of_a_day = limits(24.0, 100.0);
    assert_eq!(expired(&entries, &of_a_day, NOW_MS).count(), 0);
    let plan = plan_eviction(&entries, 40.0, &of_a_day, NOW_MS);
    assert_eq!(plan.evicted, ["idle"]);
    assert!(plan.has_room);
    assert!(!plan_eviction(&entries, 41.0, &of_a_day, NOW_MS).has_room);
}

#[test]
fn entries_expire_to_the_millisecond_even_if_the_clock_was_wrong() {
    let of_a_day = limits(24.0, 100.0);
    let created = NOW_MS - 24.0 * HOUR_MS;
    assert!(of_a_day.is_expired(created, NOW_MS));
    assert!(!of_a_day.is_expired(created + 1.0, NOW_MS));
    assert!(!of_a_day.is_expired(NOW_MS + HOUR_MS, NOW_MS));
    assert!(of_a_day.is_expired(NOW_MS + 24.0 * HOUR_MS, NOW_MS));
    assert!(of_a_day.is_expired(f64::NAN, NOW_MS));
}

#[test]
fn only_400_and_413_reject_a_recording() {
    for spec in ERRORS {
        let state = UploadState::after(spec.status);
        let is_verdict = matches!(spec.status, Some(400 | 413));
        assert_eq!(state == UploadState::Rejected, is_verdict, "{spec:?}");
    }
    for class in [
        Class::Authentication,
        Class::PaymentRequired,
        Class::RateLimit,
        Class::Server,
        Class::Connection,
        Class::Timeout,
        Class::Aborted,
    ] {
        let after = UploadState::after(lookup(class, None).status);
        assert_eq!(after, UploadState::Unsent, "{}", class.name());
    }
}

#[test]
fn ids_are_version_4_uuids() {
    assert_eq!(uuid([0; 16]), "00000000-0000-4000-8000-000000000000");
    assert_eq!(uuid([0xff; 16]), "ffffffff-ffff-4fff-bfff-ffffffffffff");
    let counted = std::array::from_fn(|n| n as u8);
    assert_eq!(uuid(counted), "00010203-0405-4607-8809-0a0b0c0d0e0f");
}

fn entries() -> impl Strategy<Value = Vec<OutboxEntry>> {
    let one = (-10.0..200.0_f64, 0.0..1e6_f64, any::<bool>());
    prop::collection::vec(one, 0..20).prop_map(|facts| {
        let numbered = facts.into_iter().enumerate();
        numbered
            .map(|(n, (hours_ago, bytes, is_busy))| OutboxEntry {
                is_busy,
                ..entry(&n.to_string(), hours_ago, bytes.round())
            })
            .collect()
    })
}

fn removed(plan: &EvictionPlan) -> BTreeSet<&str> {
    let ids = plan.expired.iter().chain(&plan.evicted);
    ids.map(String::as_str).collect()
}

proptest! {
    #[test]
    fn eviction_respects_the_limits(entries in entries(), incoming in 0.0..3e6_f64, max in 0.0..5e6_f64) {
        let limits = limits(48.0, max);
        let plan = plan_eviction(&entries, incoming, &limits, NOW_MS);
        let gone = removed(&plan);
        prop_assert_eq!(gone.len(), plan.expired.len() + plan.evicted.len(), "each goes once");
        let staying: Vec<&OutboxEntry> = entries.iter().filter(|entry| !gone.contains(entry.id.as_str())).collect();
        let total = incoming + staying.iter().map(|entry| entry.bytes).sum::<f64>();
        if plan.has_room {
            prop_assert!(total <= max);
        } else {
            prop_assert!(plan.evicted.is_empty());
        }
        for entry in &entries {
            if entry.is_busy {
                prop_assert!(!gone.contains(entry.id.as_str()));
            } else if limits.is_expired(entry.created_ms, NOW_MS) {
                prop_assert!(plan.expired.contains(&entry.id));
            }
        }
        // Nothing that stays and could have gone is older than what went.
        for evicted in entries.iter().filter(|entry| plan.evicted.contains(&entry.id)) {
            for stayed in staying.iter().filter(|entry| !entry.is_busy) {
                prop_assert!(evicted.created_ms <= stayed.created_ms);
            }
        }
    }

    /// A page's weeks with the outbox, by a clock that the test moves.
    #[test]
    fn no_entry_outlives_its_ttl_and_the_total_stays_within_the_limit(
        steps in prop::collection::vec((0.0..20.0_f64, 1.0..50.0_f64), 1..60)
    ) {
        let limits = limits(100.0, 120.0);
        let mut now_ms = NOW_MS;
        let mut kept: Vec<OutboxEntry> = Vec::new();
        for (n, (hours, bytes)) in steps.into_iter().enumerate() {
            now_ms += hours * HOUR_MS;
            let plan = plan_eviction(&kept, bytes, &limits, now_ms);
            prop_assert!(plan.has_room, "a single one is always smaller than the cap");
            let gone = removed(&plan);
            kept.retain(|entry| !gone.contains(entry.id.as_str()));
            kept.push(OutboxEntry { id: n.to_string(), created_ms: now_ms, bytes, is_busy: false });
            prop_assert!(kept.iter().map(|entry| entry.bytes).sum::<f64>() <= limits.max_bytes);
            prop_assert!(kept.iter().all(|entry| now_ms - entry.created_ms < limits.ttl_ms));
        }
    }
}

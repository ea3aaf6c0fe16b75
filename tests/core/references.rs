//! What is remembered of references, and under which key.

use std::collections::VecDeque;

use proptest::prelude::*;
use thetaone_web::core::options::settings::ClientOptions;
use thetaone_web::core::options::value::OptionValue;
use thetaone_web::core::references::{LruCache, key};

#[test]
fn references_are_not_persisted_by_default() {
    let unset = ClientOptions::read(&OptionValue::Absent).references;
    assert!(!unset.persist);
    assert_eq!(unset.max_entries, 500);
    let option = OptionValue::Object(vec![
        ("persist".into(), OptionValue::Bool(true)),
        ("maxEntries".into(), OptionValue::Number(3.0)),
    ]);
    let own = OptionValue::Object(vec![("references".into(), option)]);
    let own = ClientOptions::read(&own).references;
    assert!(own.persist);
    assert_eq!(own.max_entries, 3);
}

#[test]
fn the_reference_key_is_hash_and_sentence() {
    assert_eq!(key(&[0x00, 0x9f, 0xff], "Wow: 와!"), "009fff:Wow: 와!");
}

#[test]
fn the_least_recently_used_value_is_evicted() {
    let mut cache = LruCache::new(2);
    cache.put("a".into(), 1);
    cache.put("b".into(), 2);
    assert_eq!(cache.get("a"), Some(&1));
    assert!(cache.has("b"));
    cache.put("c".into(), 3);
    assert_eq!(cache.get("b"), None);
    assert_eq!(cache.get("a"), Some(&1));
    assert_eq!(cache.get("c"), Some(&3));
    cache.put("a".into(), 4);
    assert_eq!(cache.get("a"), Some(&4));
    assert_eq!(cache.get("c"), Some(&3));
    assert!(cache.remove("a") && !cache.remove("a"));
    cache.clear();
    assert!(!cache.has("c"));
}

proptest! {
    #[test]
    fn two_pairs_never_share_a_key(a in "[0-9a-f:]{0,6}", b in "[0-9a-f:]{0,6}", x in any::<[u8; 4]>(), y in any::<[u8; 4]>()) {
        prop_assert_eq!(key(&x, &a) == key(&y, &b), a == b && x == y);
    }

    /// Against a list that is plainly right.
    #[test]
    fn the_cache_keeps_the_values_used_last(most in 1_usize..6, steps in prop::collection::vec((0_u8..10, any::<bool>()), 0..80)) {
        let mut cache = LruCache::new(most);
        let mut expected: VecDeque<u8> = VecDeque::new();
        for (name, puts) in steps {
            let known = expected.contains(&name);
            if puts {
                cache.put(name.to_string(), name);
            } else {
                prop_assert_eq!(cache.get(&name.to_string()), known.then_some(&name));
            }
            if puts || known {
                expected.retain(|other| *other != name);
                expected.push_back(name);
                if expected.len() > most {
                    expected.pop_front();
                }
            }
        }
    }
}

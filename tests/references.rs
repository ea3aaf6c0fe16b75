//! What is remembered of references, and under which key.
#![cfg(not(target_arch = "wasm32"))]

use std::collections::VecDeque;

use proptest::prelude::*;
use thetaone_web::core::options::settings::ClientOptions;
use thetaone_web::core::options::value::Value;
use thetaone_web::core::references::{Memory, key};

#[test]
fn they_are_forgotten_with_the_page_unless_asked_otherwise() {
    let unset = ClientOptions::read(&Value::Absent).references;
    assert!(!unset.persist);
    assert_eq!(unset.max_entries, 500);
    let option = Value::Object(vec![
        ("persist".into(), Value::Bool(true)),
        ("maxEntries".into(), Value::Number(3.0)),
    ]);
    let own = Value::Object(vec![("references".into(), option)]);
    let own = ClientOptions::read(&own).references;
    assert!(own.persist);
    assert_eq!(own.max_entries, 3);
}

#[test]
fn the_key_is_hash_and_sentence() {
    assert_eq!(key(&[0x00, 0x9f, 0xff], "Wow: 와!"), "009fff:Wow: 와!");
}

#[test]
fn the_least_recently_used_is_forgotten_first() {
    let mut memory = Memory::new(2);
    memory.put("a".into(), 1);
    memory.put("b".into(), 2);
    assert_eq!(memory.get("a"), Some(&1));
    assert!(memory.has("b"));
    memory.put("c".into(), 3);
    assert_eq!(memory.get("b"), None);
    assert_eq!(memory.get("a"), Some(&1));
    assert_eq!(memory.get("c"), Some(&3));
    memory.put("a".into(), 4);
    assert_eq!(memory.get("a"), Some(&4));
    assert_eq!(memory.get("c"), Some(&3));
    assert!(memory.forget("a") && !memory.forget("a"));
    memory.clear();
    assert!(!memory.has("c"));
}

proptest! {
    #[test]
    fn two_pairs_never_share_a_key(a in "[0-9a-f:]{0,6}", b in "[0-9a-f:]{0,6}", x in any::<[u8; 4]>(), y in any::<[u8; 4]>()) {
        prop_assert_eq!(key(&x, &a) == key(&y, &b), a == b && x == y);
    }

    /// Against a list that is plainly right.
    #[test]
    fn it_remembers_what_was_used_last(most in 1_usize..6, steps in prop::collection::vec((0_u8..10, any::<bool>()), 0..80)) {
        let mut memory = Memory::new(most);
        let mut expected: VecDeque<u8> = VecDeque::new();
        for (name, puts) in steps {
            let known = expected.contains(&name);
            if puts {
                memory.put(name.to_string(), name);
            } else {
                prop_assert_eq!(memory.get(&name.to_string()), known.then_some(&name));
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

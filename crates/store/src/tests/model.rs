//! The vault against the plainest model there is, a map, through any order of writes, anchors and restarts.

use proptest::prelude::*;
use proto::Changes;

use super::support::*;
use crate::{Store, Vault};

#[derive(Clone, Debug)]
enum Act {
    Persist(Vec<(u64, Option<usize>)>),
    Anchor,
    Close,
    Drop,
}

fn act() -> impl Strategy<Value = Act> {
    let size = prop_oneof![8 => 0..400usize, 2 => 3_800..4_200usize, 1 => 0..60_000usize];
    let write = (0..24u64, proptest::option::weighted(0.7, size));
    prop_oneof![
        8 => proptest::collection::vec(write, 1..12).prop_map(Act::Persist),
        1 => Just(Act::Anchor),
        1 => Just(Act::Close),
        1 => Just(Act::Drop),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, max_shrink_iters: 200, ..ProptestConfig::default() })]

    #[test]
    fn the_vault_is_a_map_that_outlives_the_process(acts in proptest::collection::vec(act(), 1..30)) {
        let home = folder();
        let mut vault: Vault = create(home.path());
        let mut model = Contents::new();
        for (moment, act) in acts.into_iter().enumerate() {
            match act {
                Act::Persist(writes) => {
                    let mut changes = Changes::default();
                    for (number, size) in writes {
                        match size {
                            Some(size) => changes.put(message(number), text(moment as u64, size)),
                            None => changes.delete(message(number)),
                        }
                    }
                    vault.persist(&changes).unwrap();
                    apply(&mut model, &changes);
                }
                Act::Anchor => vault.anchor().unwrap(),
                Act::Close => {
                    vault.close().unwrap();
                    vault = open(home.path()).unwrap();
                }
                Act::Drop => {
                    drop(vault);
                    vault = open(home.path()).unwrap();
                }
            }
            for number in 0..24 {
                let found = vault.get(&message(number)).unwrap();
                prop_assert!(found.as_ref().map(|value| value.as_slice()) == model.get(&message(number)).map(Vec::as_slice));
            }
        }
        prop_assert!(contents(&vault) == model);
        drop(vault);
        prop_assert!(contents(&open(home.path()).unwrap()) == model);
    }
}

//! Whatever is lost, repeated, late, or started again: one log, the same for everybody, and all of it signed.

use std::collections::{BTreeMap, BTreeSet};

use channel::{Checks, PostId, PostIn};
use proptest::prelude::*;

use crate::world::{Device, HOUR, World, call, cancel, text, version};

#[derive(Clone, Debug)]
enum Act {
    Write(usize, u8),
    Poll(usize),
    Countersign(usize),
    Withdraw(usize),
    /// A message on its way reaches a publisher. It stays on its way: it may come again, or be the last to come.
    Hear(usize, usize),
    /// A message is lost.
    Lose(usize),
    /// A post reaches somebody.
    Post(usize, usize),
    Sync(usize, usize),
    Restart(usize),
    Wait(u8),
}

fn acts() -> impl Strategy<Value = Vec<Act>> {
    let number = any::<u16>().prop_map(usize::from);
    let act = prop_oneof![
        2 => (0..4_usize, any::<u8>()).prop_map(|(who, what)| Act::Write(who, what)),
        2 => (0..4_usize).prop_map(Act::Poll),
        4 => (0..4_usize).prop_map(Act::Countersign),
        1 => (0..4_usize).prop_map(Act::Withdraw),
        10 => (number.clone(), 0..4_usize).prop_map(|(message, who)| Act::Hear(message, who)),
        1 => number.clone().prop_map(Act::Lose),
        4 => (number, 0..8_usize).prop_map(|(post, who)| Act::Post(post, who)),
        2 => (0..8_usize, 0..8_usize).prop_map(|(who, whom)| Act::Sync(who, whom)),
        1 => (0..8_usize).prop_map(Act::Restart),
        2 => (0..3_u8).prop_map(Act::Wait),
    ];
    proptest::collection::vec(act, 0..80)
}

/// Publishers and readers, and everything that is on its way between them.
struct Model {
    world: World,
    readers: Vec<Device>,
    messages: Vec<Vec<u8>>,
    /// Every post that was ever complete on any device.
    complete: BTreeMap<u64, BTreeSet<PostId>>,
}

impl Model {
    fn new(size: u8, threshold: u8) -> Self {
        let world = World::new(size, threshold);
        Self {
            readers: (0..4).map(|_| world.reader()).collect(),
            world,
            messages: Vec::new(),
            complete: BTreeMap::new(),
        }
    }

    fn device(&mut self, who: usize) -> &mut Device {
        let publishers = self.world.publishers.len();
        let at = who % (publishers + self.readers.len());
        match at.checked_sub(publishers) {
            Some(reader) => &mut self.readers[reader],
            None => &mut self.world.publishers[at],
        }
    }

    fn act(&mut self, act: &Act) {
        let now = self.world.now;
        let size = self.world.publishers.len();
        match *act {
            Act::Write(who, what) => {
                let content = match what % 8 {
                    0 => call(what),
                    1 => version(what, what.wrapping_sub(1)),
                    2 => cancel(what.wrapping_sub(2)),
                    _ => text(&format!("{who} says {what}")),
                };
                let _full = self.world.publishers[who % size].write(content, now);
            }
            Act::Poll(who) => self.world.publishers[who % size].poll(now),
            Act::Countersign(who) => {
                self.world.publishers[who % size].countersign(now);
            }
            Act::Withdraw(who) => {
                let device = &mut self.world.publishers[who % size];
                if let Ok(step) = device.publisher.as_mut().unwrap().withdraw() {
                    device.carry_out(step, now);
                }
            }
            Act::Hear(message, who) => {
                if let Some(at) = message.checked_rem(self.messages.len()) {
                    let message = self.messages[at].clone();
                    let _refused = self.world.publishers[who % size].hear(&message, now);
                }
            }
            Act::Lose(message) => {
                if let Some(at) = message.checked_rem(self.messages.len()) {
                    self.messages.swap_remove(at);
                }
            }
            Act::Post(post, who) => {
                if let Some(at) = post.checked_rem(self.world.topic.len()) {
                    let post = self.world.topic[at].clone();
                    let _refused = self.device(who).take(&post, now);
                }
            }
            Act::Sync(who, whom) => {
                let whom = self.device(whom).clone();
                self.device(who).catches_up_from(&whom, now);
            }
            Act::Restart(who) => self.device(who).restart(now),
            Act::Wait(hours) => self.world.later(u64::from(hours) * HOUR),
        }
        self.gather();
    }

    fn gather(&mut self) {
        for device in &mut self.world.publishers {
            self.messages.append(&mut device.messages);
            self.world.topic.append(&mut device.posts);
        }
        for bytes in &self.world.topic {
            let post = PostIn::parse(bytes).unwrap();
            let ids = self.complete.entry(post.sheet().place().seq);
            ids.or_default().insert(post.sheet().id());
        }
        self.world.topic.sort();
        self.world.topic.dedup();
        // What is oldest has been lost.
        let many = self.messages.len().saturating_sub(60);
        self.messages.drain(..many);
    }

    /// Everybody meets everybody, and everybody agrees.
    fn heal(&mut self) {
        for _ in 0..40 {
            self.meet();
            if self.world.publishers.iter().all(is_done) {
                break;
            }
        }
        self.readers_catch_up();
    }

    fn meet(&mut self) {
        let all: Vec<usize> = (0..self.world.publishers.len()).collect();
        self.world.later(HOUR + 1);
        for who in &all {
            for whom in &all {
                let whom = self.world.publishers[*whom].clone();
                self.world.publishers[*who].catches_up_from(&whom, self.world.now);
            }
        }
        self.readers_catch_up();
        for who in &all {
            let reader = self.readers[0].clone();
            self.world.publishers[*who].catches_up_from(&reader, self.world.now);
            self.world.publishers[*who].poll(self.world.now);
        }
        self.world.agree(&all);
        // Devices do not ask but once an hour.
        for who in &all {
            self.world.publishers[*who].poll(self.world.now);
        }
        self.world.agree(&all);
        self.gather();
    }

    fn readers_catch_up(&mut self) {
        for whom in self.world.publishers.clone() {
            for reader in &mut self.readers {
                reader.catches_up_from(&whom, self.world.now);
            }
        }
    }

    /// Nobody shows a post that fewer have signed than the charter asks for.
    fn check_signatures(&self) -> Result<(), TestCaseError> {
        for device in self.world.publishers.iter().chain(&self.readers) {
            for seq in device.disk.posts.keys() {
                let bytes = device.record(*seq).post().unwrap().to_bytes();
                let charter = device.reader.lineage().newest();
                let post = PostIn::parse(&bytes).unwrap();
                prop_assert!(post.check(charter, &mut Checks::default()).is_ok());
            }
        }
        Ok(())
    }
}

/// Whether nothing waits on a device to be posted.
fn is_done(device: &Device) -> bool {
    device.publisher.as_ref().unwrap().waiting().count() == 0
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, max_shrink_iters: 60, ..ProptestConfig::default() })]

    #[test]
    fn all_readers_with_all_posts_show_the_same_and_all_of_it_is_signed(
        (size, threshold) in prop_oneof![Just((1_u8, 1_u8)), Just((2, 2)), Just((3, 2)), Just((4, 3))],
        acts in acts(),
    ) {
        let mut model = Model::new(size, threshold);
        for act in &acts {
            model.act(act);
            model.check_signatures()?;
        }
        model.heal();
        model.check_signatures()?;
        // No two posts were ever complete in one place, on any device.
        for (seq, ids) in &model.complete {
            prop_assert_eq!(ids.len(), 1, "place {}", seq);
        }
        let screen = model.world.publishers[0].screen();
        prop_assert_eq!(screen.len(), model.complete.len());
        for device in model.world.publishers.iter().chain(&model.readers) {
            prop_assert_eq!(device.reader.contradiction(), None);
            prop_assert_eq!(&device.screen(), &screen);
            prop_assert_eq!(device.reader.calls(), model.readers[0].reader.calls());
        }
        // Whatever was written and not taken back was posted: nobody was kept from going on.
        for device in &model.world.publishers {
            prop_assert!(is_done(device));
        }
    }
}

#[test]
fn the_model_would_see_a_second_post_in_one_place() {
    let mut model = Model::new(1, 1);
    let mut copy = model.world.publishers[0].clone();
    copy.write(text("one"), model.world.now).unwrap();
    model.world.publishers[0]
        .write(text("another"), model.world.now)
        .unwrap();
    model.gather();
    model.world.publishers[0].posts = copy.posts;
    model.gather();
    assert_eq!(model.complete[&0].len(), 2);
}

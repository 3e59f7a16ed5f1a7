//! What adversaries do in a run.

use super::Run;
use crate::adversary;
use crate::scenario::Attack;
use crate::watch::Invariant;
use crate::world::Who;

impl Run<'_> {
    pub(super) fn begin_attacks(&mut self) {
        for (who, attack) in self.attackers.clone() {
            match attack {
                Attack::Withholder => {
                    self.world.filtered.insert(who);
                }
                Attack::Observer => self.world.watch.observed = Some(Vec::new()),
                Attack::Replayer => {
                    self.world.tapped.insert(who);
                }
                Attack::Racer | Attack::Equivocator | Attack::Flooder | Attack::Forger => {}
                Attack::Backdater | Attack::Promoter | Attack::Bomber | Attack::Outsider => {}
            }
        }
    }

    pub(super) fn attack(&mut self, who: Who, attack: Attack) {
        if self.channel.is_some() {
            self.attack_channel(who, attack);
            return;
        }
        if attack == Attack::Outsider {
            self.knock(who);
            return;
        }
        let memory = self.memories.entry(who).or_default();
        adversary::attack(
            &mut self.world,
            self.cell,
            who,
            attack,
            memory,
            &mut self.rng,
        );
    }

    /// An outsider uses an invite that was meant for somebody else. The inviter does not know the voice.
    fn knock(&mut self, outsider: Who) {
        self.start(outsider);
        let inviter = self
            .people
            .iter()
            .copied()
            .find(|who| self.is_on(*who) && self.world.watch.honest(*who));
        let Some(inviter) = inviter else { return };
        let Some(link) = self.world.invite(inviter, self.cell) else {
            return;
        };
        let joined = self
            .world
            .join_by(outsider, self.cell, inviter, link, false);
        let is_in = self
            .world
            .node(outsider)
            .is_some_and(|node| node.has_cell(self.cell));
        if joined || is_in {
            let at = self.world.time();
            self.world.watch.report(
                Invariant::Outsider,
                at,
                "an outsider came in with a stolen invite".to_owned(),
            );
        }
    }
}

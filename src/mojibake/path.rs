//! What a search writes down, and the paths that it tells afterwards.

use crate::encoding::Bytes;
use crate::language::Cost;

use super::weights;

/// What became of one character on the best path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Action {
    /// It stays.
    Stay,
    /// It is these bytes.
    Take(Bytes),
    /// It is its own UTF-8 bytes.
    TakeFused,
    /// It stands where these bytes were.
    Replace(Bytes),
    /// It was put in.
    Remove,
    /// Before it, this byte was dropped. (Not a character's action: it comes between.)
    Insert(u8),
}

impl Action {
    /// Whether it gives bytes that were not there.
    pub(super) fn is_guess(self) -> bool {
        matches!(self, Self::Insert(_) | Self::Replace(_))
    }
}

/// One step of a path: what was done at which character.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Move {
    pub(super) at: u32,
    pub(super) action: Action,
}

impl Move {
    pub(super) fn is_guess(&self) -> bool {
        self.action.is_guess()
    }
}

/// The best way through a window.
#[derive(Debug, Clone, Default)]
pub(super) struct Path {
    pub(super) moves: Vec<Move>,
    /// Cost of all moves up to and with each.
    pub(super) costs: Vec<Cost>,
    /// Other ways that join this one again, nearly as good.
    pub(super) detours: Vec<Detour>,
}

/// Another way through a part of a path.
#[derive(Debug, Clone)]
pub(super) struct Detour {
    /// The moves of the path that it replaces.
    pub(super) replaces: std::ops::Range<usize>,
    pub(super) moves: Vec<Move>,
    /// How much dearer it is.
    pub(super) extra: Cost,
}

/// No node: the beginning of a window.
pub(super) const NOWHERE: u32 = u32::MAX;

struct Node {
    parent: u32,
    cost: Cost,
    step: Move,
}

/// A hypothesis that was dropped because another one with the same future was cheaper.
struct Merge {
    kept: u32,
    dropped: u32,
    extra: Cost,
}

/// Nodes up to which none is given up: a window of a few hundred characters writes down fewer.
const FREE_NODES: usize = 1 << 18;

/// What a search writes down to tell its paths afterwards.
#[derive(Default)]
pub(super) struct Ledger {
    nodes: Vec<Node>,
    merges: Vec<Merge>,
    /// Nodes that were given up, and how many were left then.
    given_up: usize,
    left: usize,
    /// Bytes that were tried, whether or not anything came of it.
    pub(super) tries: usize,
}

impl Ledger {
    /// Writes down a step that leads on from a node; returns the new node.
    pub(super) fn record(&mut self, parent: u32, cost: Cost, at: u32, action: Action) -> u32 {
        self.nodes.push(Node { parent, cost, step: Move { at, action } });
        (self.nodes.len() - 1) as u32
    }

    /// Steps so far: those that were written down, and what was tried.
    pub(super) fn steps(&self) -> usize {
        self.given_up + self.nodes.len() + self.tries
    }

    /// Whether there are many nodes more than when some were last given up.
    pub(super) fn is_crowded(&self) -> bool {
        self.nodes.len() > FREE_NODES.max(2 * self.left)
    }

    /// Gives up the nodes that no path through one of `ends` needs, which are most; the ends get their new numbers.
    pub(super) fn give_up_others<'e>(&mut self, ends: impl IntoIterator<Item = &'e mut u32>) {
        let ends: Vec<&mut u32> = ends.into_iter().collect();
        let mut is_needed = vec![false; self.nodes.len()];
        ends.iter().for_each(|end| self.mark(**end, &mut is_needed));
        self.merges.retain(|merge| is_needed[merge.kept as usize]);
        self.merges.iter().for_each(|merge| self.mark(merge.dropped, &mut is_needed));
        let mut count = 0;
        let numbers: Vec<u32> = is_needed
            .iter()
            .map(|&is_needed| {
                let number = if is_needed { count } else { NOWHERE };
                count += u32::from(is_needed);
                number
            })
            .collect();
        let renumber = |number: &mut u32| *number = numbers.get(*number as usize).copied().unwrap_or(NOWHERE);
        let before = self.nodes.len();
        let mut needed = is_needed.into_iter();
        self.nodes.retain(|_| needed.next() == Some(true));
        self.nodes.iter_mut().for_each(|node| renumber(&mut node.parent));
        self.merges.iter_mut().for_each(|merge| {
            renumber(&mut merge.kept);
            renumber(&mut merge.dropped);
        });
        ends.into_iter().for_each(renumber);
        self.left = self.nodes.len();
        self.given_up += before - self.left;
    }

    fn mark(&self, last: u32, is_needed: &mut [bool]) {
        let mut at = last;
        while let Some(node) = self.nodes.get(at as usize)
            && !std::mem::replace(&mut is_needed[at as usize], true)
        {
            at = node.parent;
        }
    }

    /// The way that ends in `dropped` costs `extra` more than the one that ends in `kept`, and has the same future.
    pub(super) fn merge(&mut self, kept: u32, dropped: u32, extra: Cost) {
        if extra <= weights::RUNNER_UP {
            self.merges.push(Merge { kept, dropped, extra });
        }
    }

    /// The nodes that lead to `last`, first to last.
    fn path(&self, last: u32) -> Vec<u32> {
        let mut path = Vec::new();
        let mut at = last;
        while let Some(node) = self.nodes.get(at as usize) {
            path.push(at);
            at = node.parent;
        }
        path.reverse();
        path
    }

    /// The path that ends in a node, and what else it may have been.
    pub(super) fn tell(&self, last: u32) -> Path {
        let best = self.path(last);
        let node = |at: &u32| &self.nodes[*at as usize];
        let mut detours = Vec::new();
        for merge in &self.merges {
            let Ok(join) = best.binary_search(&merge.kept) else { continue };
            // Back along the dropped way to where it left the best one.
            let mut moves = Vec::new();
            let mut at = merge.dropped;
            let fork = loop {
                if at == NOWHERE {
                    break 0;
                }
                if let Ok(fork) = best.binary_search(&at) {
                    break fork + 1;
                }
                moves.push(node(&at).step);
                at = node(&at).parent;
            };
            moves.reverse();
            detours.push(Detour { replaces: fork..join + 1, moves, extra: merge.extra });
        }
        Path {
            moves: best.iter().map(|at| node(at).step).collect(),
            costs: best.iter().map(|at| node(at).cost).collect(),
            detours,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A search over `length` characters whose choices come from a fixed generator; gives up nodes every `often`
    /// characters.
    fn told(length: u32, often: u32) -> (Path, usize, usize) {
        let mut ledger = Ledger::default();
        let mut ends = vec![NOWHERE];
        let mut random = 1_u32;
        let mut below = |limit: usize| {
            random = random.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            random as usize / (1 << 16) % limit
        };
        for at in 0..length {
            let parents: Vec<u32> = (0..20).map(|_| ends[below(ends.len())]).collect();
            let nodes: Vec<u32> = parents
                .iter()
                .map(|&parent| ledger.record(parent, at, at, Action::Insert(below(200) as u8)))
                .collect();
            ends = nodes[..4].to_vec();
            for &dropped in &nodes[4..8] {
                ledger.merge(ends[below(4)], dropped, 1);
            }
            if at % often == often - 1 {
                ledger.give_up_others(&mut ends);
            }
        }
        (ledger.tell(ends[0]), ledger.steps(), ledger.nodes.len())
    }

    #[test]
    fn what_is_given_up_is_not_missed() {
        let (all, steps, nodes) = told(500, u32::MAX);
        assert_eq!((steps, nodes), (10_000, 10_000));
        for often in [1, 7, 250] {
            let (path, steps, nodes) = told(500, often);
            assert_eq!((&path.moves, &path.costs, steps), (&all.moves, &all.costs, 10_000));
            assert_eq!(format!("{:?}", path.detours), format!("{:?}", all.detours));
            assert!(path.detours.len() > 300 && nodes < 10_000, "{} {nodes}", path.detours.len());
        }
    }
}

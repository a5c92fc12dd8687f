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

/// What a search writes down to tell its paths afterwards.
#[derive(Default)]
pub(super) struct Ledger {
    nodes: Vec<Node>,
    merges: Vec<Merge>,
}

impl Ledger {
    /// Writes down a step that leads on from a node; returns the new node.
    pub(super) fn record(&mut self, parent: u32, cost: Cost, at: u32, action: Action) -> u32 {
        self.nodes.push(Node { parent, cost, step: Move { at, action } });
        (self.nodes.len() - 1) as u32
    }

    /// Steps written down so far.
    pub(super) fn len(&self) -> usize {
        self.nodes.len()
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

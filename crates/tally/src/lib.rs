//! The tally of a call: how many took part, roughly, and roughly where, without anybody learning where one cell is.
//!
//! What it is: bands, regions, and what of the reports of cells may be shown. What it is not: how reports travel, who may
//! report, or when a report is sent.
//!
//! Invariants: what is shown is made of whole batches, each of enough cells, and none is ever taken apart · equal reports
//! give equal views, in whatever order they came · every limit is in [`config`].

mod band;
pub mod config;
mod region;
mod view;

pub use band::Band;
pub use region::Region;
pub use view::{Counted, Shown, View};

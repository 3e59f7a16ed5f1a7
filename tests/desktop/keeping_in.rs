//! Two people meet.

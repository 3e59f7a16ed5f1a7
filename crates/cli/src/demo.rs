//! Three people, three nodes, one terminal.

pub(crate) async fn run() -> anyhow::Result<()> {
    Ok(())
}

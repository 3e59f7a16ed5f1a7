//! One program with its window, as a person has it: a home, a profile, and hands.

use std::collections::BTreeSet;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use serde_json::json;
use thirtyfour::prelude::*;

use crate::screen::{Group, another_display, display};

/// How long anything may take on a busy machine. Every wait ends as soon as what it waits for is there.
const PATIENCE: Duration = Duration::from_secs(60);

/// Between two looks.
const LOOK: Duration = Duration::from_millis(50);

/// The program, built with the feature `testing`.
pub(crate) fn program() -> &'static Path {
    static PROGRAM: OnceLock<PathBuf> = OnceLock::new();
    PROGRAM.get_or_init(|| {
        let program = std::env::var_os("NOTEBOOK_BIN").map(PathBuf::from);
        program.expect("NOTEBOOK_BIN names the program; `cargo xtask test` sets it")
    })
}

/// How the program is started.
pub(crate) struct Start<'a> {
    /// The language of the system.
    pub(crate) lang: &'a str,
    /// Arguments besides the profile and the interface.
    pub(crate) args: &'a [&'a str],
    /// On a screen of its own.
    pub(crate) alone: bool,
    /// Where it is written whom any of its processes connects to.
    pub(crate) traced: Option<&'a Path>,
}

impl Default for Start<'_> {
    fn default() -> Self {
        Self {
            lang: "C.UTF-8",
            args: &[],
            alone: false,
            traced: None,
        }
    }
}

/// Somebody's computer: their home and profile. It outlives the program.
pub(crate) struct Computer {
    home: tempfile::TempDir,
}

impl Computer {
    pub(crate) fn new() -> Self {
        let home = tempfile::tempdir().expect("a folder can be made");
        for folder in ["run", "home"] {
            let path = home.path().join(folder);
            std::fs::create_dir(&path).expect("a folder can be made");
            let private = std::os::unix::fs::PermissionsExt::from_mode(0o700);
            std::fs::set_permissions(&path, private).expect("it is ours");
        }
        Self { home }
    }

    pub(crate) fn path(&self) -> &Path {
        self.home.path()
    }

    pub(crate) fn profile(&self) -> PathBuf {
        self.home.path().join("profile")
    }

    /// A command with this person's environment and a message bus of their own.
    pub(crate) fn command(&self, program: &str) -> Command {
        let mut command = Command::new("dbus-run-session");
        command
            .args(["--", program])
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("HOME", self.home.path().join("home"))
            .env("XDG_RUNTIME_DIR", self.home.path().join("run"))
            .env("DISPLAY", display())
            .env("VIGIL_TEST_KDF", "1")
            .stdout(Stdio::null())
            .stderr(self.log());
        command
    }

    /// Where everything goes that the program says.
    fn log(&self) -> std::fs::File {
        let path = self.home.path().join("log");
        let file = std::fs::OpenOptions::new()
            .create(true)
            .append(true)
            .open(path);
        file.expect("a file can be made")
    }

    /// Starts the program under WebDriver, and waits until its page is there.
    pub(crate) async fn start(&self) -> Window {
        self.start_as(&Start::default()).await
    }

    /// The same in a way of its own.
    pub(crate) async fn start_as(&self, way: &Start<'_>) -> Window {
        let port = free_port();
        let mut command = match way.traced {
            Some(file) => {
                let mut command = self.command("strace");
                command.args(["-f", "-qq", "-e", "trace=connect", "-o"]);
                command.arg(file).arg("WebKitWebDriver");
                command
            }
            None => self.command("WebKitWebDriver"),
        };
        command
            .args([format!("--port={port}"), "--host=127.0.0.1".to_owned()])
            .env("LANG", way.lang)
            .env("TAURI_WEBVIEW_AUTOMATION", "true");
        if way.alone {
            command.env("DISPLAY", another_display(None));
        }
        let group = Group::start(&mut command);
        let mut capabilities = Capabilities::new();
        let mut args = vec!["--listen".to_owned(), "127.0.0.1".to_owned()];
        args.extend(["--profile".to_owned(), self.profile().display().to_string()]);
        args.extend(way.args.iter().map(|arg| (*arg).to_owned()));
        let set = capabilities.set(
            "webkitgtk:browserOptions",
            json!({ "binary": program(), "args": args }),
        );
        set.expect("it is JSON");
        let url = format!("http://127.0.0.1:{port}");
        let start = Instant::now();
        let driver = loop {
            match tokio::time::timeout(PATIENCE, WebDriver::new(&url, capabilities.clone())).await {
                Ok(Ok(driver)) => break driver,
                Ok(Err(error)) if start.elapsed() > PATIENCE => panic!("no window: {error}"),
                Ok(Err(_)) => tokio::time::sleep(LOOK).await,
                Err(_) => panic!("no window within {PATIENCE:?}"),
            }
        };
        Window { driver, group }
    }
}

pub(crate) fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("there is a free port");
    listener.local_addr().expect("it has an address").port()
}

/// A running program, with its window under our hands.
pub(crate) struct Window {
    pub(crate) driver: WebDriver,
    group: Group,
}

impl Window {
    /// Where the message bus of this person's session is.
    pub(crate) fn bus(&self) -> String {
        let pids = Command::new("pgrep")
            .args(["-g", &self.group.id().to_string(), "-x", "WebKitWebDriver"])
            .output();
        let pids = String::from_utf8(pids.expect("pgrep is there").stdout).unwrap();
        let driver = pids.lines().next().expect("the driver runs");
        let environment = std::fs::read(format!("/proc/{driver}/environ")).expect("it is ours");
        let entries = environment.split(|byte| *byte == 0);
        entries
            .filter_map(|entry| std::str::from_utf8(entry).ok())
            .find_map(|entry| entry.strip_prefix("DBUS_SESSION_BUS_ADDRESS="))
            .expect("it has a session")
            .to_owned()
    }

    /// The process of the program itself, below the driver's.
    pub(crate) fn process(&self) -> u32 {
        let name = program().file_name().unwrap().to_str().unwrap();
        let found = Command::new("pgrep")
            .args(["-g", &self.group.id().to_string(), "-x", name])
            .output();
        let found = String::from_utf8(found.expect("pgrep is there").stdout).unwrap();
        found
            .lines()
            .next()
            .and_then(|line| line.parse().ok())
            .expect("it runs")
    }

    /// The process that draws the page.
    pub(crate) fn drawing_process(&self) -> u32 {
        let all = self.processes().into_iter();
        let mut drawing = all.filter(|process| name_of(*process).starts_with("WebKitWebProces"));
        drawing.next().expect("a page is drawn")
    }

    /// The program and all processes below it.
    pub(crate) fn processes(&self) -> BTreeSet<u32> {
        below(self.process())
    }

    /// Waits for an element that can be seen.
    pub(crate) async fn find(&self, by: By, what: &str) -> WebElement {
        let start = Instant::now();
        loop {
            if let Ok(found) = self.driver.find(by.clone()).await
                && found.is_displayed().await.unwrap_or(false)
            {
                return found;
            }
            if start.elapsed() > PATIENCE {
                Self::picture();
                let shown = self.shown().await;
                panic!("`{what}` did not appear. What is shown instead:\n{shown}");
            }
            tokio::time::sleep(LOOK).await;
        }
    }

    /// Waits until the page shows a text. Isolation marks around names and numbers do not count.
    pub(crate) async fn read(&self, text: &str) {
        let start = Instant::now();
        loop {
            let shown = self.shown().await;
            if shown.contains(text) {
                return;
            }
            assert!(
                start.elapsed() < PATIENCE,
                "`{text}` did not appear. What is shown instead:\n{shown}"
            );
            tokio::time::sleep(LOOK).await;
        }
    }

    /// All text on the page, cut off or not. Fluent's marks around names and numbers do not count.
    pub(crate) async fn shown(&self) -> String {
        let text = self.run("return document.body.innerText").await;
        let text = text.as_str().unwrap_or_default();
        text.replace(['\u{2066}', '\u{2067}', '\u{2068}', '\u{2069}'], "")
    }

    /// What a script gives that runs in the page; null while there is none.
    pub(crate) async fn run(&self, script: &str) -> serde_json::Value {
        let ran = self.driver.execute(script, Vec::new()).await;
        ran.map_or(serde_json::Value::Null, |ran| ran.json().clone())
    }

    /// Presses a button, found by what it says.
    pub(crate) async fn press(&self, button: &str) {
        let by = By::XPath(format!(
            "//button[normalize-space(.)='{button}' or @aria-label='{button}']"
        ));
        let start = Instant::now();
        loop {
            let found = self.find(by.clone(), button).await;
            if found.is_enabled().await.unwrap_or(false) && found.click().await.is_ok() {
                return;
            }
            assert!(start.elapsed() < PATIENCE, "`{button}` cannot be pressed");
            tokio::time::sleep(LOOK).await;
        }
    }

    /// Writes into a field, found by its label.
    pub(crate) async fn write(&self, label: &str, text: &str) {
        let field = self.field(label).await;
        field.send_keys(text).await.expect("it takes text");
    }

    /// Writes into a field in place of what is in it.
    pub(crate) async fn replace(&self, label: &str, text: &str) {
        let field = self.field(label).await;
        field
            .send_keys(Key::Control + "a")
            .await
            .expect("it takes keys");
        field.send_keys(text).await.expect("it takes text");
    }

    /// What is in a field.
    pub(crate) async fn value(&self, label: &str) -> String {
        let value = self.field(label).await.prop("value").await;
        value.expect("it is a field").unwrap_or_default()
    }

    /// A field by its label. Fluent puts marks around numbers, so only letters and digits are compared.
    async fn field(&self, label: &str) -> WebElement {
        let marks = "'\u{2068}\u{2069}'";
        let by = By::XPath(format!(
            "//*[@id=//label[normalize-space(translate(., {marks}, ''))='{label}']/@for]"
        ));
        self.find(by, label).await
    }

    /// The main window replaced the door: looks at it from here on. It shows `text`.
    pub(crate) async fn enter(&self, text: &str) {
        let start = Instant::now();
        loop {
            for handle in self.driver.windows().await.unwrap_or_default() {
                if self.driver.switch_to_window(handle).await.is_ok()
                    && self.shown().await.contains(text)
                {
                    return;
                }
            }
            if start.elapsed() > PATIENCE {
                Self::picture();
                panic!("the main window did not open: {}", self.shown().await);
            }
            tokio::time::sleep(LOOK).await;
        }
    }

    /// A picture of the screen for people who look into what failed, if `NOTEBOOK_PICTURE` says where.
    fn picture() {
        if let Some(path) = std::env::var_os("NOTEBOOK_PICTURE") {
            let mut shot = Command::new("import");
            shot.args(["-display", display(), "-window", "root"])
                .arg(path);
            // A test that fails for another reason must not fail for this one.
            let _ = shot.status();
        }
    }

    /// Waits until the program has ended by itself.
    pub(crate) async fn gone(&self, process: u32) {
        let start = Instant::now();
        while Path::new(&format!("/proc/{process}")).exists() {
            assert!(start.elapsed() < PATIENCE, "it still runs");
            tokio::time::sleep(LOOK).await;
        }
    }
}

/// A process and all below it.
pub(crate) fn below(process: u32) -> BTreeSet<u32> {
    let mut found = BTreeSet::from([process]);
    loop {
        let parents: Vec<String> = found.iter().map(u32::to_string).collect();
        let below = Command::new("pgrep")
            .args(["-P", &parents.join(",")])
            .output();
        let below = String::from_utf8(below.expect("pgrep is there").stdout).unwrap();
        let before = found.len();
        found.extend(below.lines().filter_map(|line| line.parse::<u32>().ok()));
        if found.len() == before {
            return found;
        }
    }
}

fn name_of(process: u32) -> String {
    std::fs::read_to_string(format!("/proc/{process}/comm")).unwrap_or_default()
}

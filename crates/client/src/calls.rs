//! Calls: the presets, what is done about them in a cell, and what is made of them for paper and calendars.

use std::path::PathBuf;
use std::time::{SystemTime, UNIX_EPOCH};

use action::{Call, CallIn, Day, Problem, Severity, WhoSees, calendar_entry, legal_card, who_sees};
use model::{CallId, CellId, DisplayName, MemberId, Timestamp};
use proto::{Answer, CallDeed, CallView, Command, ErrorKind, Node};

use crate::life::blocking;
use crate::messages::Names;
use crate::{Client, ClientError, Kind, Paper, Parts, write_file};

/// A call in a cell, and who is who.
#[derive(Clone, Debug)]
pub struct CallInCell {
    /// The call with all that members added.
    pub view: CallView,
    /// What its author is called, or was.
    pub name: Option<DisplayName>,
    /// Who we are in the cell.
    pub me: Option<MemberId>,
}

/// The wall clock. A call is dated by day, and a day is what is taken from it.
fn today() -> Day {
    let since = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    Day::of(Timestamp::from_millis(
        u64::try_from(since.as_millis()).unwrap_or(u64::MAX),
    ))
}

pub(crate) fn checked(call: CallIn) -> Result<Call, ClientError> {
    call.check(Some(today())).map_err(|problems| {
        let errors = problems
            .iter()
            .find(|problem| problem.severity() == Severity::Error);
        let first = errors.map_or(String::new(), |problem| {
            format!(": {} in {}", problem.kind.name(), problem.field)
        });
        ClientError::new(
            Kind::CallInvalid,
            format!("the call cannot be shared so{first}; see its preview"),
        )
    })
}

impl Client {
    /// Six calls to begin with, dated today. With a language, only the texts in it.
    #[must_use]
    pub fn call_presets(language: Option<&str>) -> Vec<CallIn> {
        action::presets(today(), language)
    }

    /// What is wrong with a call, and who would see what of it.
    #[must_use]
    pub fn preview_call(call: &CallIn) -> (Vec<Problem>, WhoSees) {
        (call.problems(Some(today())), who_sees(call))
    }

    /// Shares a call with everybody in a cell.
    ///
    /// # Errors
    /// See [`Self::create_cell`]; `call_invalid`, `call_expired`, `too_many`.
    pub async fn share_call(&self, cell: CellId, call: CallIn) -> Result<CallId, ClientError> {
        let call = Box::new(checked(call)?);
        let Answer::CallShared(call) = self.command(Command::ShareCall(cell, call)).await? else {
            return Err(ClientError::internal());
        };
        Ok(call)
    }

    /// Every call of a cell that is not over: those called off first, then by when they begin.
    ///
    /// # Errors
    /// See [`Self::create_cell`].
    pub async fn calls(&self, cell: CellId) -> Result<Vec<CallInCell>, ClientError> {
        let look = move |node: &Node| Some((Names::of(node, cell)?, node.calls(cell)?));
        let seen = self.query(look).await?.0;
        let (names, calls) = seen.ok_or(ClientError::core(ErrorKind::NoSuchCell))?;
        Ok(calls.into_iter().map(|view| named(view, &names)).collect())
    }

    /// One call of a cell.
    ///
    /// # Errors
    /// See [`Self::create_cell`]; `no_such_call`, `call_expired`.
    pub async fn call(&self, cell: CellId, call: CallId) -> Result<CallInCell, ClientError> {
        let look = move |node: &Node| {
            let names = Names::of(node, cell).ok_or(ErrorKind::NoSuchCell)?;
            Ok(named(node.call(cell, call)?, &names))
        };
        self.query(look).await?.0.map_err(ClientError::core)
    }

    /// Does something about a call.
    ///
    /// # Errors
    /// See [`Self::create_cell`], and what the core says of calls.
    pub async fn on_call(
        &self,
        cell: CellId,
        call: CallId,
        deed: CallDeed,
    ) -> Result<(), ClientError> {
        self.order(Command::OnCall(cell, call, deed)).await
    }

    /// Says something else in a call of ours: the fields that change, by their names in JSON.
    ///
    /// # Errors
    /// See [`Self::on_call`]; `invalid_params` for a field that no call has, `call_invalid`.
    pub async fn update_call(
        &self,
        cell: CellId,
        call: CallId,
        change: impl FnOnce(&CallIn) -> Result<CallIn, action::NoCall>,
    ) -> Result<(), ClientError> {
        let known = self.call(cell, call).await?.view.object;
        let changed = change(&known)
            .map_err(|error| ClientError::new(Kind::Core(ErrorKind::InvalidParams), error))?;
        let update = CallDeed::Update(Box::new(checked(changed)?));
        self.on_call(cell, call, update).await
    }

    /// Presumes that somebody who takes part is held: how many full members do, and how many it takes.
    ///
    /// # Errors
    /// See [`Self::on_call`]; `not_expected`, `not_a_full_member`, `too_small_to_remove`.
    pub async fn presume_arrest(
        &self,
        cell: CellId,
        call: CallId,
        member: MemberId,
    ) -> Result<(u8, u8), ClientError> {
        let presume = Command::PresumeArrest(cell, call, member);
        let Answer::ArrestPresumed { presumed, needed } = self.command(presume).await? else {
            return Err(ClientError::internal());
        };
        Ok((presumed, needed))
    }

    /// Sets how long messages last in a cell, for everybody.
    ///
    /// # Errors
    /// See [`Self::create_cell`]; `invalid_params`, `not_a_full_member`.
    pub async fn set_lifetime(&self, cell: CellId, seconds: u32) -> Result<(), ClientError> {
        self.order(Command::SetLifetime(cell, seconds)).await
    }

    /// Writes the legal card of a call as plain text: a second copy, outside the profile.
    ///
    /// # Errors
    /// See [`Self::call`]; `file_unsafe`.
    pub async fn save_legal_card(
        &self,
        cell: CellId,
        call: CallId,
        path: PathBuf,
        language: &str,
    ) -> Result<(), ClientError> {
        let known = self.call(cell, call).await?.view.object;
        write_file(path, legal_card(&known, language).into_bytes()).await
    }

    /// Writes parts of a call as a PDF to print: a second copy, outside the profile. Nothing that members added is in it.
    ///
    /// # Errors
    /// See [`Self::call`]; `unprintable`, `file_unsafe`.
    pub async fn save_print(
        &self,
        cell: CellId,
        call: CallId,
        path: PathBuf,
        language: &str,
        (paper, parts): (Paper, Parts),
    ) -> Result<(), ClientError> {
        let known = self.call(cell, call).await?.view.object;
        let language = language.to_owned();
        let pdf = blocking(move || Ok(print::call(&known, &language, paper, parts)?)).await?;
        write_file(path, pdf).await
    }

    /// Writes a calendar entry of a call that has a time: a second copy, outside the profile.
    ///
    /// # Errors
    /// See [`Self::call`]; `no_such_plan`, `file_unsafe`.
    pub async fn save_calendar_entry(
        &self,
        cell: CellId,
        call: CallId,
        path: PathBuf,
        language: &str,
    ) -> Result<(), ClientError> {
        let view = self.call(cell, call).await?.view;
        let Some(start) = view.plan.time else {
            return Err(ClientError::new(
                Kind::NoSuchPlan,
                "this call has no time yet; set one first",
            ));
        };
        // Whoever has the call and the entry sees that they belong together, as title and time say anyway.
        let mut id = [0; 16];
        id.copy_from_slice(&view.call.as_bytes()[16..]);
        let entry = calendar_entry(&view.object, start, id, language);
        write_file(path, entry.into_bytes()).await
    }
}

fn named(view: CallView, names: &Names) -> CallInCell {
    CallInCell {
        name: names.name(&view.author),
        me: names.me(),
        view,
    }
}

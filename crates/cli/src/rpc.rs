//! The scripting interface: JSON-RPC 2.0, one object per line on stdin and stdout (docs/PROTOCOL.md has no part in it;
//! the contract is `docs/RPC.md`).
//!
//! Requests begin in the order of their lines and may be answered in another. The end of stdin, or SIGTERM, closes the
//! profile cleanly and ends the process.

mod events;
mod input;
mod methods;
mod output;
mod shapes;

use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::task::Poll;
use std::time::Duration;

use client::{Client, ClientError, Notice, Options};
use futures::StreamExt;
use futures::stream::FuturesUnordered;
use serde_json::{Value, json};
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;

use input::{Line, Lines};
use output::Writer;

/// How long calls that are under way may take when the process is to end.
const LAST_CALLS: Duration = Duration::from_secs(10);

const PARSE_ERROR: i64 = -32_700;
const INVALID_REQUEST: i64 = -32_600;
const METHOD_NOT_FOUND: i64 = -32_601;
const INVALID_PARAMS: i64 = -32_602;
const INTERNAL_ERROR: i64 = -32_603;
const REFUSED: i64 = -32_000;

/// Why a request was not carried out.
enum Failure {
    NoSuchMethod,
    Params(String),
    Refused(ClientError),
}

impl From<ClientError> for Failure {
    fn from(error: ClientError) -> Self {
        Self::Refused(error)
    }
}

type Call = Pin<Box<dyn Future<Output = Option<Value>>>>;

/// Serves one profile until the input ends.
pub(crate) async fn serve(options: Options) -> anyhow::Result<()> {
    let client = Client::new(options);
    let writer = Writer::start()?;
    let mut served = Served {
        notices: client.subscribe(),
        lines: input::start()?,
        calls: FuturesUnordered::new(),
        client: client.clone(),
        writer,
    };
    tracing::info!("waiting for requests");
    let mut end = std::pin::pin!(terminated());
    loop {
        tokio::select! {
            biased;
            // Also while nobody reads what we say.
            () = &mut end => break,
            more = served.turn() => if !more { break },
        }
    }
    let Served {
        mut calls, writer, ..
    } = served;
    let last = async {
        while let Some(answer) = calls.next().await {
            if !writer.say(answer.as_ref()).await {
                break;
            }
        }
    };
    let _in_time = tokio::time::timeout(LAST_CALLS, last).await;
    // Whatever happened to the pipes, the profile is closed cleanly.
    let locked = client.lock().await;
    writer.finish().await;
    Ok(locked?)
}

struct Served {
    client: Client,
    notices: Receiver<Notice>,
    lines: Lines,
    calls: FuturesUnordered<Call>,
    writer: Writer,
}

impl Served {
    /// Says or begins one thing. False if there is nothing more to do: no more requests, or nobody who hears.
    async fn turn(&mut self) -> bool {
        tokio::select! {
            // What happened is said before what is answered after it.
            biased;
            notice = self.notices.recv() => self.writer.say(event(notice).as_ref()).await,
            Some(answer) = self.calls.next() => self.writer.say(answer.as_ref()).await,
            line = self.lines.recv() => match line {
                Some(line) => self.begin(line).await,
                None => false,
            },
        }
    }

    /// Runs a request up to its first wait, so that requests reach the node in the order of their lines.
    async fn begin(&mut self, line: Line) -> bool {
        let request = match parse(line) {
            Ok(request) => request,
            Err(refusal) => return self.writer.say(Some(&refusal)).await,
        };
        // Opening and closing a profile is done before anything else is begun.
        let alone = request.method.starts_with("profile.");
        let mut call: Call = Box::pin(answer(self.client.clone(), request));
        if alone {
            return self.writer.say(call.await.as_ref()).await;
        }
        match poll_fn(|context| Poll::Ready(call.as_mut().poll(context))).await {
            Poll::Ready(answer) => self.writer.say(answer.as_ref()).await,
            Poll::Pending => {
                self.calls.push(call);
                true
            }
        }
    }
}

struct Request {
    /// Absent in a notification, which is not answered.
    id: Option<Value>,
    method: String,
    params: Value,
}

fn parse(line: Line) -> Result<Request, Value> {
    let unreadable = || {
        refusal(
            &Value::Null,
            PARSE_ERROR,
            "parse_error",
            "this line is not one JSON object",
        )
    };
    let Line::Whole(line) = line else {
        return Err(unreadable());
    };
    let value: Value = serde_json::from_str(&line).map_err(|_| unreadable())?;
    let id = value.get("id").cloned();
    let named = id
        .clone()
        .filter(|id| id.is_string() || id.is_number())
        .unwrap_or(Value::Null);
    let wrong = |why: &str| refusal(&named, INVALID_REQUEST, "invalid_request", why);
    if value.get("jsonrpc").is_some_and(|version| version != "2.0") {
        return Err(wrong("this is not JSON-RPC 2.0"));
    }
    if id
        .as_ref()
        .is_some_and(|id| !(id.is_string() || id.is_number() || id.is_null()))
    {
        return Err(wrong("the id is neither a number nor a string"));
    }
    let method = value
        .get("method")
        .and_then(Value::as_str)
        .ok_or_else(|| wrong("there is no method"))?;
    Ok(Request {
        id,
        method: method.to_owned(),
        params: value.get("params").cloned().unwrap_or_else(|| json!({})),
    })
}

async fn answer(client: Client, request: Request) -> Option<Value> {
    let Request { id, method, params } = request;
    let outcome = methods::call(&client, &method, params).await;
    let id = id?;
    Some(match outcome {
        Ok(result) => json!({ "jsonrpc": "2.0", "id": id, "result": result }),
        Err(Failure::NoSuchMethod) => refusal(
            &id,
            METHOD_NOT_FOUND,
            "no_such_method",
            "there is no such method; see docs/RPC.md",
        ),
        Err(Failure::Params(why)) => refusal(&id, INVALID_PARAMS, "invalid_params", &why),
        Err(Failure::Refused(error)) => {
            let kind = error.kind().name();
            let code = match kind {
                "invalid_params" => INVALID_PARAMS,
                "internal" => INTERNAL_ERROR,
                _ => REFUSED,
            };
            refusal(&id, code, kind, &error.to_string())
        }
    })
}

fn refusal(id: &Value, code: i64, kind: &str, message: &str) -> Value {
    let error = json!({ "code": code, "message": message, "data": { "kind": kind } });
    json!({ "jsonrpc": "2.0", "id": id, "error": error })
}

fn event(notice: Result<Notice, RecvError>) -> Option<Value> {
    let params = match notice {
        Ok(notice) => events::params(&notice),
        // The reader of our output is slower than everything else. Lists show what the lost events said.
        Err(RecvError::Lagged(count)) => json!({ "type": "events.missed", "count": count }),
        Err(RecvError::Closed) => return None,
    };
    Some(json!({ "jsonrpc": "2.0", "method": "event", "params": params }))
}

/// Ends when the system asks the process to.
async fn terminated() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let (Ok(mut term), Ok(mut interrupt)) = (
            signal(SignalKind::terminate()),
            signal(SignalKind::interrupt()),
        ) {
            tokio::select! {
                _ = term.recv() => return,
                _ = interrupt.recv() => return,
            }
        }
    }
    let _asked = tokio::signal::ctrl_c().await;
}

#[cfg(test)]
mod tests;

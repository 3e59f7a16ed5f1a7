//! Lines that are no requests, and requests that are no methods.

use super::*;

#[path = "../../../../tests/fuzz/trial.rs"]
mod trial;

#[test]
fn any_line_is_a_request_or_refused_with_one_object() {
    trial::run("line", line, 5000);
}

fn line(bytes: &[u8]) {
    let mut input = bytes;
    while let Ok(Some(line)) = input::next(&mut input) {
        if let Err(refusal) = parse(line) {
            assert!(refusal["error"]["data"]["kind"].is_string());
            assert!(!refusal.to_string().contains('\n'));
        }
    }
}

fn refused(line: &str) -> (i64, Value) {
    match parse(Line::Whole(line.to_owned())) {
        Ok(request) => panic!("{} was taken for a request", request.method),
        Err(refusal) => (
            refusal["error"]["code"].as_i64().unwrap_or_default(),
            refusal["id"].clone(),
        ),
    }
}

#[test]
fn what_is_no_request_is_refused_with_the_codes_of_json_rpc() {
    assert_eq!(refused("{"), (PARSE_ERROR, Value::Null));
    assert_eq!(refused("[]"), (INVALID_REQUEST, Value::Null));
    assert_eq!(refused(r#"{"id": 7}"#), (INVALID_REQUEST, json!(7)));
    assert_eq!(
        refused(r#"{"id": "a", "method": 5}"#),
        (INVALID_REQUEST, json!("a"))
    );
    assert_eq!(
        refused(r#"{"id": {}, "method": "x"}"#),
        (INVALID_REQUEST, Value::Null)
    );
    assert_eq!(
        refused(r#"{"id": 1, "method": "x", "jsonrpc": "1.0"}"#),
        (INVALID_REQUEST, json!(1))
    );
}

#[tokio::test]
async fn unknown_methods_and_parameters_are_refused() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let options = Options {
        folder: folder.path().join("none"),
        listen: [127, 0, 0, 1].into(),
    };
    let client = Client::new(options);
    let ask = async |method: &str, params: Value| {
        let request = Request {
            id: Some(json!(1)),
            method: method.to_owned(),
            params,
        };
        let answer = answer(client.clone(), request)
            .await
            .expect("a request with an id is answered");
        (
            answer["error"]["code"].as_i64(),
            answer["error"]["data"]["kind"].clone(),
        )
    };
    for method in [
        "",
        "cell",
        "cell.",
        "cell.destroy",
        "profile.",
        "x.list",
        "profile.lock.now",
    ] {
        assert_eq!(
            ask(method, json!({})).await.0,
            Some(METHOD_NOT_FOUND),
            "{method:?}"
        );
    }
    let unknown = ask("profile.status", json!({ "verbose": true })).await;
    assert_eq!(unknown, (Some(INVALID_PARAMS), json!("invalid_params")));
    assert_eq!(
        ask("cell.list", json!({})).await,
        (Some(REFUSED), json!("no_profile"))
    );
    let silent = Request {
        id: None,
        method: "profile.status".to_owned(),
        params: json!({}),
    };
    assert_eq!(
        answer(client.clone(), silent).await,
        None,
        "a notification is not answered"
    );
}

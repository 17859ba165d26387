//! The API's description: it says of every body what is in it, and what it says is so.

use interview::session::Capture;
use serde_json::{Value, json};
use service::ports::catalog::AssistantMode;

use crate::house::House;

/// The schema that is meant, wherever it is written.
fn resolved<'a>(document: &'a Value, schema: &'a Value) -> &'a Value {
    match schema["$ref"].as_str() {
        Some(reference) => document.pointer(reference.trim_start_matches('#')).expect("a reference leads somewhere"),
        None => schema,
    }
}

#[tokio::test]
async fn every_body_is_described_by_its_properties() {
    let house = House::open().await;
    let document = house.visitor().get("/api/openapi.json").await.gives(200).json();
    let mut bodies = 0;
    for (path, operations) in document["paths"].as_object().unwrap() {
        for (method, operation) in operations.as_object().unwrap() {
            let Some(body) = operation.get("requestBody") else { continue };
            bodies += 1;
            let schema = resolved(&document, &body["content"]["application/json"]["schema"]);
            let properties = schema["properties"].as_object();
            assert!(properties.is_some_and(|properties| !properties.is_empty()), "{method} {path}: {schema}");
        }
    }
    assert_eq!(bodies, 8, "a body that is not described at all is not counted");
}

#[tokio::test]
async fn what_can_be_chosen_is_what_is_described() {
    let house = House::open().await;
    let document = house.visitor().get("/api/openapi.json").await.gives(200).json();
    let choices = |name: &str| document["components"]["schemas"][name]["enum"].clone();
    assert_eq!(choices("Capture"), json!(Capture::ALL.map(Capture::as_str)));
    assert_eq!(choices("AssistantMode"), json!(AssistantMode::ALL.map(AssistantMode::as_str)));
}

#[tokio::test]
async fn an_assessment_with_every_described_property_is_taken() {
    let house = House::open().await;
    let document = house.visitor().get("/api/openapi.json").await.gives(200).json();
    let described = document["components"]["schemas"]["NewAssessment"]["properties"].as_object().unwrap();
    let assessment = json!({
        "title": "T", "problems": ["rate-limiter"], "languages": ["python"], "minutes": 60, "assistant": "chat",
        "budget_messages": 1, "budget_microusd": 1, "required_consents": ["editor"],
    });
    let sent: Vec<&String> = assessment.as_object().unwrap().keys().collect();
    let mut described: Vec<&String> = described.keys().collect();
    described.sort();
    let mut sorted = sent.clone();
    sorted.sort();
    assert_eq!(described, sorted);
    house.reviewer().await.post("/api/assessments", &assessment).await.gives(201);
}

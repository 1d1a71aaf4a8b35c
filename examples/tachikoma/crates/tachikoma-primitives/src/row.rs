//! The row: what backends yield and the database keeps.

use serde::{Deserialize, Serialize};

/// One scored entry. In JSON and YAML: `{"id": 1, "name": "fuchikoma", "score": 0.5}`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Row {
    /// Identity: two rows with one id are two opinions on the same entry.
    pub id: i64,
    /// What people call the entry.
    pub name: String,
    /// How good the entry is; higher is better.
    pub score: f64,
}

impl Row {
    /// The better of two opinions; `self` if they are equal.
    ///
    /// ```
    /// # use tachikoma_primitives::Row;
    /// let low = Row { id: 1, name: "low".into(), score: 0.1 };
    /// let high = Row { id: 1, name: "high".into(), score: 0.9 };
    /// assert_eq!(low.better(high).name, "high");
    /// ```
    #[must_use]
    pub fn better(self, other: Self) -> Self {
        if other.score > self.score {
            other
        } else {
            self
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_survives_json() {
        let row = Row {
            id: 7,
            name: "seven".into(),
            score: 0.75,
        };
        let json = serde_json::to_string(&row).unwrap();
        assert_eq!(json, r#"{"id":7,"name":"seven","score":0.75}"#);
        assert_eq!(serde_json::from_str::<Row>(&json).unwrap(), row);
    }

    #[test]
    fn an_unknown_field_is_refused() {
        let json = r#"{"id":7,"name":"seven","score":0.75,"rank":1}"#;
        assert!(serde_json::from_str::<Row>(json).is_err());
    }
}

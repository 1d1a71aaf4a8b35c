//! The store against a real SQLite file.

use tachikoma_database::{DatabaseError, RowStore};
use tachikoma_primitives::Row;
use tempfile::tempdir;

fn row(id: i64, name: &str, score: f64) -> Row {
    Row {
        id,
        name: name.to_owned(),
        score,
    }
}

#[tokio::test]
async fn rows_outlive_the_connection_in_order_of_their_ids() {
    let dir = tempdir().unwrap();
    let file = dir.path().join("rows.db");

    let store = RowStore::create(&file).await.unwrap();
    store
        .store(&[row(2, "two", 0.2), row(1, "one", 0.1)])
        .await
        .unwrap();
    store.close().await;

    let header = std::fs::read(&file).unwrap();
    assert!(header.starts_with(b"SQLite format 3\0"));
    let store = RowStore::open(&file).await.unwrap();
    let rows = store.rows().await.unwrap();
    assert_eq!(rows, [row(1, "one", 0.1), row(2, "two", 0.2)]);
    store.close().await;
}

#[tokio::test]
async fn a_row_replaces_the_one_with_its_id() {
    let dir = tempdir().unwrap();
    let store = RowStore::create(&dir.path().join("rows.db")).await.unwrap();
    store.store(&[row(1, "old", 0.1)]).await.unwrap();
    store.store(&[row(1, "new", 0.9)]).await.unwrap();
    assert_eq!(store.rows().await.unwrap(), [row(1, "new", 0.9)]);
    store.close().await;
}

#[tokio::test]
async fn open_does_not_make_a_file() {
    let dir = tempdir().unwrap();
    let file = dir.path().join("absent.db");
    let error = RowStore::open(&file).await.unwrap_err();
    assert!(matches!(error, DatabaseError::Open { .. }), "{error:?}");
    assert!(!file.exists());
}

#[tokio::test]
async fn a_file_that_is_no_database_is_refused() {
    let dir = tempdir().unwrap();
    let file = dir.path().join("text.db");
    std::fs::write(&file, "certainly not a database, and long enough to tell").unwrap();
    let error = RowStore::open(&file).await.unwrap_err();
    assert!(matches!(error, DatabaseError::Open { .. }), "{error:?}");
}

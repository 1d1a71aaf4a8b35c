//! The one table and what can be done with it.

use std::path::{Path, PathBuf};

use sqlx::sqlite::{SqliteConnectOptions, SqlitePool, SqlitePoolOptions, SqliteRow};
use sqlx::Row as _;
use tachikoma_common::metrics::ROWS_STORED;
use tachikoma_primitives::Row;

const SCHEMA: &str = "CREATE TABLE IF NOT EXISTS rows (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    score REAL NOT NULL
)";

const UPSERT: &str = "INSERT INTO rows (id, name, score) VALUES (?, ?, ?)
    ON CONFLICT (id) DO UPDATE SET name = excluded.name, score = excluded.score";

const SELECT: &str = "SELECT id, name, score FROM rows ORDER BY id";

/// Why the database did not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum DatabaseError {
    /// The file cannot be opened as a database.
    #[error("cannot open database {}", path.display())]
    Open {
        /// The file.
        path: PathBuf,
        /// What the driver said.
        source: sqlx::Error,
    },
    /// A statement failed.
    #[error("a database statement failed")]
    Statement(#[from] sqlx::Error),
}

/// Rows in a SQLite file, one for each id.
#[derive(Debug)]
pub struct RowStore {
    pool: SqlitePool,
}

impl RowStore {
    /// Opens the file at `path`, making it if it does not exist.
    ///
    /// # Errors
    /// When the file cannot be made or is no SQLite database.
    pub async fn create(path: &Path) -> Result<Self, DatabaseError> {
        Self::connect(path, true).await
    }

    /// Opens the file at `path`, which must exist.
    ///
    /// # Errors
    /// When the file does not exist or is no SQLite database.
    pub async fn open(path: &Path) -> Result<Self, DatabaseError> {
        Self::connect(path, false).await
    }

    async fn connect(path: &Path, create: bool) -> Result<Self, DatabaseError> {
        let open_error = |source| DatabaseError::Open {
            path: path.to_owned(),
            source,
        };
        let options = SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(create);
        // One connection: SQLite has one writer, and a command line has one user.
        let pool = SqlitePoolOptions::new()
            .max_connections(1)
            .connect_with(options)
            .await
            .map_err(open_error)?;
        sqlx::query(SCHEMA)
            .execute(&pool)
            .await
            .map_err(open_error)?;
        Ok(Self { pool })
    }

    /// Stores `rows` in one transaction; a row replaces the one that has its id.
    ///
    /// # Errors
    /// When a statement fails; nothing is stored then.
    pub async fn store(&self, rows: &[Row]) -> Result<(), DatabaseError> {
        let mut transaction = self.pool.begin().await?;
        for row in rows {
            sqlx::query(UPSERT)
                .bind(row.id)
                .bind(&row.name)
                .bind(row.score)
                .execute(&mut *transaction)
                .await?;
        }
        transaction.commit().await?;
        ROWS_STORED.add(rows.len() as u64);
        tracing::debug!(rows = rows.len(), "stored");
        Ok(())
    }

    /// All rows, ordered by id.
    ///
    /// # Errors
    /// When the statement fails.
    pub async fn rows(&self) -> Result<Vec<Row>, DatabaseError> {
        let stored = sqlx::query(SELECT).fetch_all(&self.pool).await?;
        Ok(stored.iter().map(decode).collect::<Result<_, _>>()?)
    }

    /// Closes the file. Windows cannot delete a file that is still open.
    pub async fn close(self) {
        self.pool.close().await;
    }
}

fn decode(row: &SqliteRow) -> Result<Row, sqlx::Error> {
    Ok(Row {
        id: row.try_get("id")?,
        name: row.try_get("name")?,
        score: row.try_get("score")?,
    })
}

package org.twinkeep.twin.sqlite;

import java.sql.SQLException;
import java.util.concurrent.ConcurrentLinkedDeque;
import org.twinkeep.twin.StoreUnavailable;

/** Reading sessions of one database: as many at once as there are readers, kept for the next. */
final class Sessions implements AutoCloseable {

    /** Something to read. */
    interface Question<T> {
        T ask(Session session) throws SQLException;
    }

    private final Database database;
    private final ConcurrentLinkedDeque<Session> idle = new ConcurrentLinkedDeque<>();

    Sessions(Database database) {
        this.database = database;
    }

    /** @throws StoreUnavailable when the store cannot be read */
    <T> T read(Question<T> question) {
        try {
            var session = idle.pollFirst();
            if (session == null) {
                session = database.openForReading();
            }
            T answer;
            try {
                answer = question.ask(session);
            } catch (SQLException | RuntimeException e) {
                session.close();
                throw e;
            }
            idle.addFirst(session);
            return answer;
        } catch (SQLException e) {
            throw new StoreUnavailable(
                    "The store " + database.name() + " cannot be read; verify says what is wrong.", e);
        }
    }

    @Override
    public void close() throws SQLException {
        for (var session = idle.pollFirst(); session != null; session = idle.pollFirst()) {
            session.close();
        }
    }
}

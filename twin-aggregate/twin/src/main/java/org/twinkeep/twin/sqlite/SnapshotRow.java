package org.twinkeep.twin.sqlite;

import java.sql.SQLException;
import java.util.Optional;
import org.twinkeep.crypto.sealing.EventContext;

/** The newest snapshot of a stream, all but its sealed bytes. */
record SnapshotRow(long sequence, String id, String type, String revision) {

    /** Makes something of a snapshot. */
    interface Reading<T> {
        T of(SnapshotRow row, Place place, byte[] sealed);
    }

    static <T> Optional<T> of(Session session, Place place, Reading<T> reading) throws SQLException {
        var sql = "SELECT sequence, event_id, type, revision, sealed FROM snapshots WHERE stream = ?";
        try (var result = session.query(sql, place.stream().value()).executeQuery()) {
            if (!result.next()) {
                return Optional.empty();
            }
            var row = new SnapshotRow(result.getLong(1), result.getString(2), result.getString(3), result.getString(4));
            return Optional.of(reading.of(row, place, result.getBytes(5)));
        }
    }

    EventContext context(Place place) {
        return new EventContext(place.stream(), sequence, id, type, revision, place.twin(), place.scope());
    }
}

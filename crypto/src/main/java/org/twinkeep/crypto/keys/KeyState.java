package org.twinkeep.crypto.keys;

import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.twinkeep.crypto.Secret;

/**
 * The upper rows of a twin's key state, opened: its directory and the row of each scope. Epochs are opened when asked for.
 *
 * @param version of the slot that it hangs on: once that has moved, this is not the twin's state any more
 */
record KeyState(long version, UUID directoryRow, Directory directory, SortedMap<Integer, ScopeKeys> scopes) {

    ScopeKeys scope(int number) {
        return scopes.getOrDefault(number, ScopeKeys.UNUSED);
    }

    /** Every row that belongs to this state; whatever else lies under the twin's name is left over. */
    Set<UUID> rows() {
        var rows = new HashSet<UUID>();
        rows.add(directoryRow);
        directory.scopes().values().forEach(ref -> rows.add(ref.id()));
        scopes.values()
                .forEach(scope -> scope.epochs().values().forEach(refs -> refs.forEach(ref -> rows.add(ref.id()))));
        return rows;
    }

    void wipe() {
        directory.names().close();
        directory.scopes().values().stream().map(RowRef::key).forEach(Secret::close);
        scopes.values()
                .forEach(scope -> scope.epochs()
                        .values()
                        .forEach(refs -> refs.forEach(ref -> ref.key().close())));
    }

    /**
     * What changes in one scope.
     *
     * @param dropped whether the epochs it had are forgotten
     * @param written epochs that are new, or have shrunk
     */
    record Change(int nextEpoch, boolean dropped, Map<Integer, Written> written) {}

    /** @param before what the epoch was as it is stored now; nothing for a new one */
    record Written(EpochKeys keys, @Nullable EpochKeys before) {}

    @Override
    public String toString() {
        return "KeyState";
    }
}

package org.twinkeep.crypto.keys;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.twinkeep.crypto.Hkdf;
import org.twinkeep.crypto.Secret;

/** A vault that keeps its promise as long as the process lives. */
public final class InMemoryVault implements Vault {

    private final Secret house;
    private final Map<SlotId, Slot> slots = new HashMap<>();

    public InMemoryVault(Secret house) {
        this.house = house.copy();
    }

    /** As a backup of it would be restored. */
    public synchronized InMemoryVault copy() {
        var copy = new InMemoryVault(house);
        slots.forEach((id, slot) -> copy.slots.put(id, new Slot(slot.version, slot.secret.copy())));
        return copy;
    }

    @Override
    public synchronized Optional<Secret> read(SlotId id) {
        return Optional.ofNullable(slots.get(id)).map(slot -> slot.secret.copy());
    }

    @Override
    public synchronized long version(SlotId id) {
        return Optional.ofNullable(slots.get(id)).map(Slot::version).orElse(0L);
    }

    @Override
    public synchronized void replace(SlotId id, Secret secret, long version) {
        if (secret.length() != 32) {
            throw new IllegalArgumentException("A slot holds 32 bytes.");
        }
        slots.put(id, new Slot(Math.max(version, version(id) + 1), secret.copy()));
    }

    @Override
    public synchronized boolean replaceIf(SlotId id, long version, Secret secret) {
        if (version(id) != version) {
            return false;
        }
        replace(id, secret);
        return true;
    }

    @Override
    public synchronized void erase(SlotId id) {
        slots.remove(id);
    }

    @Override
    public Secret houseKey(String label) {
        return Hkdf.sha256(house, label.getBytes(StandardCharsets.UTF_8), 32);
    }

    @Override
    public void close() {}

    private record Slot(long version, Secret secret) {}
}

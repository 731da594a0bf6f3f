package org.twinkeep.consent.emergency;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.twinkeep.consent.ConsentHandle;

/** A register that lives as long as the test. */
public final class InMemoryRegister implements EmergencyRegister {

    private final Map<ConsentHandle, Line> lines = new LinkedHashMap<>();

    @Override
    public synchronized boolean list(Line line) {
        if (of(line.by().id()).stream().anyMatch(other -> other.until().isAfter(line.at()))) {
            return false;
        }
        lines.put(line.handle(), line);
        return true;
    }

    @Override
    public synchronized void update(Line line) {
        lines.put(line.handle(), line);
    }

    @Override
    public synchronized void strike(ConsentHandle handle) {
        lines.remove(handle);
    }

    @Override
    public synchronized List<Line> all() {
        return lines.values().stream()
                .sorted(Comparator.comparing(Line::at).reversed())
                .toList();
    }

    @Override
    public List<Line> of(String lookerId) {
        return all().stream().filter(line -> line.by().id().equals(lookerId)).toList();
    }

    public synchronized void clear() {
        lines.clear();
    }
}

package org.twinkeep.twin.axon;

import java.lang.ref.SoftReference;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.axonframework.common.Registration;
import org.axonframework.common.caching.Cache;
import org.jspecify.annotations.Nullable;

/**
 * The aggregates used last, so that an import need not load a chapter again for each command. They hold skeletons only.
 * Bounded in number, and given up when memory is short.
 */
final class RecentAggregates implements Cache {

    private static final int MOST = 128;

    private final Map<Object, SoftReference<Object>> recent = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Object, SoftReference<Object>> eldest) {
            return size() > MOST;
        }
    };

    @Override
    @SuppressWarnings("unchecked")
    public synchronized <K, V> @Nullable V get(K key) {
        var reference = recent.get(key);
        return reference == null ? null : (V) reference.get();
    }

    @Override
    public synchronized void put(Object key, Object value) {
        recent.put(key, new SoftReference<>(value));
    }

    @Override
    public synchronized boolean putIfAbsent(Object key, Object value) {
        boolean absent = !containsKey(key);
        if (absent) {
            put(key, value);
        }
        return absent;
    }

    @Override
    public synchronized <T> T computeIfAbsent(Object key, Supplier<T> supplier) {
        T known = get(key);
        if (known != null) {
            return known;
        }
        T value = supplier.get();
        put(key, value);
        return value;
    }

    @Override
    public synchronized boolean remove(Object key) {
        return recent.remove(key) != null;
    }

    @Override
    public synchronized void removeAll() {
        recent.clear();
    }

    @Override
    public synchronized boolean containsKey(Object key) {
        return get(key) != null;
    }

    @Override
    public synchronized <V> void computeIfPresent(Object key, UnaryOperator<V> update) {
        V known = get(key);
        if (known != null) {
            put(key, update.apply(known));
        }
    }

    /** Nobody listens to this cache. */
    @Override
    public Registration registerCacheEntryListener(EntryListener listener) {
        throw new UnsupportedOperationException("this cache has no listeners");
    }
}

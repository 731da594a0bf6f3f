package org.twinkeep.portal.web;

import java.util.List;

/**
 * One page of a list.
 *
 * @param page from 1
 * @param total how many there are on all pages
 */
public record Paging<T>(List<T> items, int page, int pages, int total) {

    /** A page beyond the last is the last. */
    public static <T> Paging<T> of(List<T> all, int page, int size) {
        int pages = Math.max(1, Math.ceilDiv(all.size(), size));
        int here = Math.clamp(page, 1, pages);
        return new Paging<>(all.subList((here - 1) * size, Math.min(all.size(), here * size)), here, pages, all.size());
    }
}

package io.gatehouse.module.geo;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Ranges of IPv4 addresses with values. As in nginx each is kept in the pieces that 65536 addresses make: a later range may
 * lie within a piece, which is then split, and is an error if it reaches over the border of one.
 */
final class RangeList {
    private static final class Piece {
        int start;
        int end;
        String value;

        Piece(int start, int end, String value) {
            this.start = start;
            this.end = end;
            this.value = value;
        }
    }

    private final TreeMap<Integer, List<Piece>> blocks = new TreeMap<>();

    /** What an addition found: the value of the same piece before, or the piece that it overlaps; null for nothing. */
    record Clash(@Nullable String oldValue, @Nullable String overlapped) {}

    /** Adds the addresses from {@code first} to {@code last}, as numbers. The first clash is returned; one with a piece that is overlapped ends it. */
    @Nullable
    Clash add(long first, long last, String value) {
        Clash clash = null;
        for (long at = first; at <= last; at = (at | 0xffff) + 1) {
            int block = (int) (at >> 16);
            int end = (int) Math.min(last - (at & ~0xffffL), 0xffff);
            Clash one = insert(
                    blocks.computeIfAbsent(block, b -> new ArrayList<>(1)), block, (int) (at & 0xffff), end, value);
            if (one != null && one.overlapped() != null) {
                return one;
            }
            clash = clash == null ? one : clash;
        }
        return clash;
    }

    private static @Nullable Clash insert(List<Piece> pieces, int block, int start, int end, String value) {
        int i = pieces.size();
        while (i > 0) {
            Piece piece = pieces.get(--i);
            if (end < piece.start) {
                continue;
            }
            if (start > piece.end) {
                pieces.add(i + 1, new Piece(start, end, value));
                return null;
            }
            if (start == piece.start && end == piece.end) {
                Clash clash = new Clash(piece.value, null);
                piece.value = value;
                return clash;
            }
            if (start < piece.start || end > piece.end) {
                return new Clash(null, text(block, piece.start) + "-" + text(block, piece.end));
            }
            split(pieces, i, start, end, value);
            return null;
        }
        pieces.addFirst(new Piece(start, end, value));
        return null;
    }

    /** Puts a range into the piece that holds it. */
    private static void split(List<Piece> pieces, int index, int start, int end, String value) {
        Piece outer = pieces.remove(index);
        int at = index;
        if (outer.start < start) {
            pieces.add(at++, new Piece(outer.start, start - 1, outer.value));
        }
        pieces.add(at++, new Piece(start, end, value));
        if (end < outer.end) {
            pieces.add(at, new Piece(end + 1, outer.end, outer.value));
        }
    }

    private static String text(int block, int low) {
        return (block >> 8) + "." + (block & 255) + "." + (low >> 8) + "." + (low & 255);
    }

    /** Removes a range as it was added; false if some piece of it was not there. */
    boolean remove(long first, long last) {
        boolean all = true;
        for (long at = first; at <= last; at = (at | 0xffff) + 1) {
            int start = (int) (at & 0xffff);
            int end = (int) Math.min(last - (at & ~0xffffL), 0xffff);
            List<Piece> pieces = blocks.getOrDefault((int) (at >> 16), new ArrayList<>());
            all &= pieces.removeIf(piece -> piece.start == start && piece.end == end);
        }
        return all;
    }

    AddressTable build(String byDefault) {
        AddressTable.Builder table = new AddressTable.Builder(byDefault);
        for (Map.Entry<Integer, List<Piece>> block : blocks.entrySet()) {
            long base = (long) block.getKey() << 16;
            for (Piece piece : block.getValue()) {
                table.from(0, base + piece.start, piece.value);
                table.from(0, base + piece.end + 1, byDefault);
            }
        }
        return table.build();
    }
}

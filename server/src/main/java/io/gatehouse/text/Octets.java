package io.gatehouse.text;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A growing run of bytes in which a head is assembled before it is written. Used again and again by its one owner; not
 * for several threads.
 */
public final class Octets {
    private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.ISO_8859_1);

    private byte[] array;
    private int length;

    public Octets() {
        this(512);
    }

    /** @param capacity bytes it holds before it first grows */
    public Octets(int capacity) {
        array = new byte[Math.max(capacity, 16)];
    }

    /** The bytes, of which the first {@link #length()} count; another array after the next put. */
    public byte[] array() {
        return array;
    }

    public int length() {
        return length;
    }

    /** Forgets the bytes and keeps the room. */
    public Octets clear() {
        length = 0;
        return this;
    }

    /** Forgets the bytes from {@code newLength} on. */
    public Octets truncate(int newLength) {
        if (newLength < 0 || newLength > length) {
            throw new IndexOutOfBoundsException(newLength);
        }
        length = newLength;
        return this;
    }

    public Octets put(byte octet) {
        reserve(1);
        array[length++] = octet;
        return this;
    }

    public Octets put(char octet) {
        return put((byte) octet);
    }

    public Octets put(byte[] octets) {
        return put(octets, 0, octets.length);
    }

    public Octets put(byte[] octets, int offset, int count) {
        reserve(count);
        System.arraycopy(octets, offset, array, length, count);
        length += count;
        return this;
    }

    /** An octet string: the low byte of each char. */
    public Octets put(String octets) {
        return put(octets, 0, octets.length());
    }

    /** A part of an octet string, from {@code start} up to {@code end}. */
    @SuppressWarnings(
            "deprecation") // It copies the low bytes, which for octet strings is right, and nothing is faster.
    public Octets put(String octets, int start, int end) {
        reserve(end - start);
        octets.getBytes(start, end, array, length);
        length += end - start;
        return this;
    }

    public Octets putCrLf() {
        reserve(2);
        array[length++] = '\r';
        array[length++] = '\n';
        return this;
    }

    /** A number in decimal digits. */
    public Octets putDecimal(long value) {
        if (value < 0) {
            if (value == Long.MIN_VALUE) {
                return put("-9223372036854775808");
            }
            put('-');
            value = -value;
        }
        int digits = digits(value);
        reserve(digits);
        int at = length + digits;
        length = at;
        do {
            long rest = value / 10;
            array[--at] = (byte) ('0' + (value - rest * 10));
            value = rest;
        } while (value > 0);
        return this;
    }

    /** A number in hexadecimal digits, without a sign and without zeros before it. */
    public Octets putHex(long value) {
        int digits = Math.max(1, (67 - Long.numberOfLeadingZeros(value)) / 4);
        reserve(digits);
        for (int shift = (digits - 1) * 4; shift >= 0; shift -= 4) {
            array[length++] = HEX[(int) (value >>> shift) & 15];
        }
        return this;
    }

    private static int digits(long value) {
        int digits = 1;
        while (value >= 10) {
            value /= 10;
            digits++;
        }
        return digits;
    }

    private void reserve(int more) {
        int needed = Math.addExact(length, more);
        if (needed > array.length) {
            array = Arrays.copyOf(array, Math.max(needed, (int) Math.min(array.length * 2L, Integer.MAX_VALUE - 16)));
        }
    }

    /** The bytes by themselves. */
    public byte[] toByteArray() {
        return Arrays.copyOf(array, length);
    }

    /** The bytes as an octet string. */
    @Override
    public String toString() {
        return new String(array, 0, length, StandardCharsets.ISO_8859_1);
    }
}

import { describe, expect, test } from 'vitest';
import type { ImageAtRisk } from '#contract';
import { addBox, confirmImage, confirmSeries, confirmedCount, decisionOf, moveBox, moveImage, nothingReviewed, reviewedImages, toggleBox, undo, withImages } from './review-boxes.ts';

const image = (uid: string, series = '1.1', columns = 100): ImageAtRisk => ({
  sopInstanceUid: uid, seriesInstanceUid: series, seriesDescription: '', imageId: uid, rows: 80, columns, frames: 1, framesLooked: 1, risk: 'high', reasons: [], error: null,
  boxes: [
    { column: 1, row: 2, width: 30, height: 10, score: 0.9, direction: 'horizontal', reasons: [] },
    { column: 5, row: 60, width: 30, height: 10, score: 0.4, direction: 'horizontal', reasons: [] },
  ],
});
const start = withImages(nothingReviewed, [image('1'), image('2'), image('3', '1.2'), image('4', '1.1', 90)]);

describe('review of boxes', () => {
  test('nothing goes to the copy before a person confirms it', () => {
    expect(reviewedImages(start)).toEqual([]);
    const confirmed = confirmImage(start);
    expect(reviewedImages(confirmed)).toEqual([{ sopInstanceUid: '1', boxes: [{ column: 1, row: 2, width: 30, height: 10 }, { column: 5, row: 60, width: 30, height: 10 }] }]);
    expect(confirmed.at).toBe(1);
    expect(confirmedCount(confirmed)).toBe(1);
  });

  test('a dropped box stays out and can be taken back; a change asks for another confirmation', () => {
    const dropped = toggleBox(moveBox(start, 1));
    expect(decisionOf(dropped, dropped.images[0]!).boxes.map(({ kept }) => kept)).toEqual([true, false]);
    const confirmed = moveImage(confirmImage(dropped), -1);
    expect(reviewedImages(confirmed)[0]!.boxes).toHaveLength(1);
    const back = toggleBox(moveBox(confirmed, 1));
    expect(reviewedImages(back)).toEqual([]);
    expect(decisionOf(back, back.images[0]!).boxes.every(({ kept }) => kept)).toBe(true);
  });

  test('a box is drawn in any direction, cut to the image, and removed again; a slip is none', () => {
    const drawn = addBox(start, { x: 120, y: 30 }, { x: 70.5, y: 20.2 });
    expect(decisionOf(drawn, drawn.images[0]!).boxes[2]).toMatchObject({ own: true, box: { column: 70, row: 20, width: 30, height: 10 } });
    expect(drawn.box).toBe(2);
    expect(decisionOf(toggleBox(drawn), drawn.images[0]!).boxes).toHaveLength(2);
    expect(addBox(start, { x: 10, y: 10 }, { x: 11, y: 40 })).toBe(start);
  });

  test('one image can speak for its series, where the size is the same', () => {
    const all = confirmSeries(toggleBox(start));
    expect(reviewedImages(all).map(({ sopInstanceUid, boxes }) => [sopInstanceUid, boxes.length])).toEqual([['1', 1], ['2', 1]]);
    expect(all.images[all.at]!.sopInstanceUid).toBe('3');
  });

  test('each decision can be taken back, and more images may come meanwhile', () => {
    const two = confirmImage(confirmImage(start));
    const more = withImages(two, [...two.images, image('5')]);
    expect(confirmedCount(more)).toBe(2);
    const back = undo(undo(more));
    expect(confirmedCount(back)).toBe(0);
    expect(back.at).toBe(0);
    expect(back.images).toHaveLength(5);
    expect(undo(back)).toBe(back);
  });

  test('confirming the last open image stays there', () => {
    const one = withImages(nothingReviewed, [image('1')]);
    expect(confirmImage(one).at).toBe(0);
    expect(confirmImage(nothingReviewed)).toBe(nothingReviewed);
    expect(moveBox(nothingReviewed, 1)).toBe(nothingReviewed);
  });
});

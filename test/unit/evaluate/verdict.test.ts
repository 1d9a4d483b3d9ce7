import { describe, expect, it } from 'vitest';
import {
  type Comparison,
  compareWithBaseline,
  formatMetric,
  formatSigned,
  holm,
  judge,
  meanSkill,
  Resamples,
  skill,
} from '../../../src/core/evaluate';
import { predictions, task } from './support';

describe('Holm’s correction', () => {
  it('steps down as computed by hand', () => {
    const corrected = holm([0.01, 0.04, 0.03, 0.005]);
    [0.03, 0.06, 0.06, 0.02].forEach((p, i) => {
      expect(corrected[i]).toBeCloseTo(p, 15);
    });
  });

  it('keeps a single p value, never exceeds 1 and never reverses the order', () => {
    expect(holm([0.2])).toEqual([0.2]);
    expect(holm([])).toEqual([]);
    expect(holm([0.9, 0.8, 0.95])).toEqual([1, 1, 1]);
    expect(holm([0.02, 0.021, 0.02])).toEqual([0.06, 0.06, 0.06]);
  });
});

describe('verdicts', () => {
  it('say what happened, in words with the numbers', () => {
    const [helped, hurt, unclear] = judge([
      comparison({ value: 0.021, interval: [0.008, 0.034], p: 0.001 }),
      comparison({ metric: 'r2', value: -0.013, interval: [-0.02, -0.004], p: 0.004, rarestClass: Infinity }),
      comparison({ metric: 'logLoss', value: 0.004, interval: [-0.01, 0.02], p: 0.5 }),
    ]);
    expect(helped).toMatchObject({ verdict: 'helped', words: 'helped +0.021 AUC [+0.008, +0.034]' });
    expect(hurt).toMatchObject({
      verdict: 'negative transfer',
      words: 'negative transfer −0.013 R² [−0.020, −0.004]',
    });
    expect(unclear).toMatchObject({
      verdict: 'no difference shown',
      words: 'no difference shown: +0.004 log-loss reduction [−0.010, +0.020]',
    });
  });

  it('need the correction over all tasks to pass', () => {
    const alone = judge([comparison({ p: 0.02 })]);
    const among = judge([comparison({ p: 0.02 }), ...new Array(5).fill(comparison({ p: 0.6 }))]);
    expect(alone[0].verdict).toBe('helped');
    expect(among[0]).toMatchObject({ verdict: 'no difference shown', p: 0.12 });
  });

  it('need 30 rows and 10 of each class; a task with fewer does not cost the others', () => {
    const [tested, fewRows, fewOfOneClass] = judge([
      comparison({ p: 0.04 }),
      comparison({ p: 1e-9, rows: 29 }),
      comparison({ p: 1e-9, rarestClass: 9 }),
    ]);
    expect(tested).toMatchObject({ verdict: 'helped', p: 0.04 });
    expect(fewRows).toMatchObject({ verdict: 'too few rows to tell', p: 1 });
    expect(fewRows.words).toContain('29 labelled rows');
    expect(fewOfOneClass.words).toContain('9 rows of the rarest class');
  });
});

describe('verdicts where rows come in groups', () => {
  it('need ten groups: fewer agree in sign by chance', () => {
    const [few, enough] = judge([comparison({ p: 0.001, groups: 9 }), comparison({ p: 0.001, groups: 10 })]);
    expect(few).toMatchObject({ verdict: 'too few rows to tell', p: 1 });
    expect(few.words).toContain('9 groups');
    expect(enough.verdict).toBe('helped');
  });

  it('count the groups of the rows that are compared', () => {
    const labels = Float64Array.from({ length: 80 }, (_, i) => (i < 40 ? i % 7 : Number.NaN));
    const groups = Int32Array.from({ length: 80 }, (_, i) => (i % 4) + (i < 40 ? 0 : 50));
    const on = { task: task('regression'), labels, groups };
    const better = predictions(labels.map((y) => y + 0.1));
    const worse = predictions(labels.map((y) => y + 1));
    expect(compareWithBaseline(on, better, worse, new Resamples(1))?.groups).toBe(4);
    expect(
      compareWithBaseline({ task: task('regression'), labels }, better, worse, new Resamples(1))?.groups,
    ).toBe(undefined);
  });
});

describe('skill', () => {
  it('is 0 at the constant and 1 at perfection, whichever metric', () => {
    expect(skill({ type: 'binary' }, 0.5, 0.46)).toBe(0);
    expect(skill({ type: 'binary' }, 1, 0.5)).toBe(1);
    expect(skill({ type: 'multiclass' }, 1.1, 1.1)).toBe(0);
    expect(skill({ type: 'multiclass' }, 0, 1.1)).toBe(1);
    expect(skill({ type: 'regression' }, -0.02, -0.02)).toBe(0);
    expect(skill({ type: 'regression' }, 1, -0.02)).toBe(1);
  });

  it('is the share of the squared error saved', () => {
    expect(skill({ type: 'regression' }, 0.4, -0.2)).toBeCloseTo(1 - 0.6 / 1.2, 15);
  });

  it('is undefined without a score, and the mean is over what is defined', () => {
    expect(skill({ type: 'binary' }, null, 0.5)).toBeNull();
    expect(skill({ type: 'regression' }, 0.3, null)).toBeNull();
    expect(skill({ type: 'multiclass' }, 0.3, 0)).toBeNull();
    expect(meanSkill([0.5, null, 0.1])).toBeCloseTo(0.3, 15);
    expect(meanSkill([null])).toBe(0);
  });
});

describe('numbers for people', () => {
  it('have a true minus, a sign where it matters, and a dash for what is undefined', () => {
    expect(formatMetric('auc', 0.97651)).toBe('0.977');
    expect(formatMetric('r2', -0.25)).toBe('−0.250');
    expect(formatMetric('r2', -0.0001)).toBe('0.000');
    expect(formatMetric('rmse', 308.12345)).toBe('308.1');
    expect(formatMetric('mae', 12_345_678)).toBe('1.235e+7');
    expect(formatMetric('auc', null)).toBe('–');
    expect(formatSigned(0.0214)).toBe('+0.021');
    expect(formatSigned(-0.013)).toBe('−0.013');
    expect(formatSigned(-0.00012)).toBe('−0.0001');
    expect(formatSigned(0)).toBe('+0.000');
  });
});

function comparison(part: Partial<Comparison>): Comparison {
  return { metric: 'auc', value: 0.02, interval: [0.01, 0.03], p: 0.5, rows: 100, rarestClass: 40, ...part };
}

import { expect } from 'chai';
import { TIME_ZONE_NAMES } from '../../../database/values/time-zone-names.ts';
import { isTimeZone } from '../../../database/values/time-zone.ts';
import { quantityDifference, scheduleDifference } from '../../oracle/agreement.ts';
import { readVerdicts } from '../../oracle/verdicts.ts';

const verdicts = readVerdicts();

function found(differences: readonly (string | undefined)[]): string[] {
  return differences.filter((difference) => difference !== undefined).slice(0, 20);
}

describe("Kubernetes' recorded verdicts", () => {
  it('are many, of both kinds', () => {
    expect(verdicts.cron.length).to.be.at.least(2500);
    expect(verdicts.quantity.length).to.be.at.least(2000);
    expect(verdicts.cron.filter(([, after]) => after === undefined)).to.have.length.above(500);
    expect(verdicts.quantity.filter(([, canonical]) => canonical === undefined)).to.have.length.above(200);
  });

  it('are ours on schedules, with the next three fires', () => {
    expect(found(verdicts.cron.map(scheduleDifference))).to.deep.equal([]);
  });

  it('are ours on quantities, with canonical text and exact value', () => {
    expect(found(verdicts.quantity.map(quantityDifference))).to.deep.equal([]);
  });

  it('are ours on time zones', () => {
    expect(verdicts.timeZone.filter(([name, ok]) => isTimeZone(name) !== ok)).to.deep.equal([]);
    expect(TIME_ZONE_NAMES.trim().split(/\s+/)).to.deep.equal(verdicts.timeZoneNames.flat());
  });
});

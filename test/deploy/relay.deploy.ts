import { describe } from '@jest/globals';
import { rightsOfDeployer } from './chapters/deployer.ts';
import { handbookAndRestore } from './chapters/restore.ts';
import { retirement } from './chapters/retire.ts';
import { rightsOfFunctions } from './chapters/rights.ts';
import { settingsOfDeploy } from './chapters/settings.ts';
import { updatesThroughRelay } from './chapters/updates.ts';
import { furtherDeploys } from './chapters/versions.ts';
import { deployedRelay } from './deployed-relay.ts';

describe('the relay as `serverless deploy` leaves it', () => {
  const deployed = deployedRelay();
  settingsOfDeploy(deployed);
  updatesThroughRelay(deployed);
  rightsOfFunctions(deployed);
  furtherDeploys(deployed);
  handbookAndRestore(deployed);
  retirement(deployed);
  rightsOfDeployer(deployed);
});

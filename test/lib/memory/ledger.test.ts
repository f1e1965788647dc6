import { memoryLedger } from '../../../lib/memory/ledger.ts';
import { ledgerContract } from '../../contracts/ledger.ts';

ledgerContract('the ledger in memory', async () => memoryLedger());
